using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Onnx.Tests;

public sealed class OnnxPersonDetectorTests : IDisposable
{
    private static readonly int[] Shape = [1, 3, DetectorOutput.Input.Height, DetectorOutput.Input.Width];
    private static readonly RgbImage Image = new(128, 192);

    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("detector.onnx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DetectorBoxes.Cells)]
    [InlineData(DetectorBoxes.Pixels)]
    public void People_are_found_in_image_pixels_the_surest_first(DetectorBoxes kind)
    {
        // Cells 13 and 14 are neighbours of 8 pixels; 125 is the last one of 32. Everything is twice as large in the image.
        var output = DetectorOutput.Empty(kind);
        output.AsSpan(13 * DetectorOutput.Attributes + 4, 2).Fill(0.8f);
        output.AsSpan(125 * DetectorOutput.Attributes + 4, 2).Fill(0.9f);
        output[40 * DetectorOutput.Attributes + 4] = 1;
        output[40 * DetectorOutput.Attributes + 6] = 1;
        TinyOnnx.Write(Model, Shape, output, DetectorOutput.Shape);
        using var detector = OnnxPersonDetector.Load(Model);

        var people = detector.Detect(Image);

        detector.InputSize.Should().Be(DetectorOutput.Input);
        people.Select(p => p.Box).Should().Equal(new Box(128, 64, 64, 64), new Box(16, 16, 16, 16));
        people[0].Score.Should().BeApproximately(0.81, 1e-6);
        people[1].Score.Should().BeApproximately(0.64, 1e-6);
    }

    [Fact]
    public void Options_choose_class_and_thresholds()
    {
        // Two boxes with an overlap of 8×6 of 8×8: 0.6 of what they cover.
        var output = DetectorOutput.Empty(DetectorBoxes.Pixels).With(0, 20, 20, 8, 8, 1, 0.9f, 0.2f).With(1, 20, 22, 8, 8, 1, 0.5f, 0.8f);
        TinyOnnx.Write(Model, Shape, output, DetectorOutput.Shape);
        Scores(new OnnxDetectorOptions()).Should().Equal(0.9f);
        Scores(new OnnxDetectorOptions { IouThreshold = 0.61 }).Should().Equal(0.9f, 0.5f);
        Scores(new OnnxDetectorOptions { IouThreshold = 0.61, ScoreThreshold = 0.6 }).Should().Equal(0.9f);
        Scores(new OnnxDetectorOptions { PersonClass = 1, ScoreThreshold = 0.1, IouThreshold = 1 }).Should().Equal(0.8f, 0.2f);
        Scores(new OnnxDetectorOptions { ScoreThreshold = 0.95 }).Should().BeEmpty();
    }

    [Fact]
    public void A_model_for_any_size_needs_one()
    {
        TinyOnnx.Write(Model, [-1, 3, -1, -1], DetectorOutput.Empty(DetectorBoxes.Cells), DetectorOutput.Shape);
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*InputSize*");
        Loading(new OnnxDetectorOptions { InputSize = new ImageSize(64, 90) }).Should().Throw<PoseDataException>().WithMessage("*multiples of 32*");
        Scores(new OnnxDetectorOptions { InputSize = DetectorOutput.Input }).Should().BeEmpty();
    }

    [Fact]
    public void A_models_own_size_is_not_overruled()
    {
        TinyOnnx.Write(Model, Shape, DetectorOutput.Empty(DetectorBoxes.Cells), DetectorOutput.Shape);
        Loading(new OnnxDetectorOptions { InputSize = new ImageSize(96, 64) }).Should().Throw<PoseDataException>().WithMessage("*64×96*96×64*");
    }

    [Fact]
    public void Foreign_models_are_errors_that_say_what_was_expected()
    {
        var output = DetectorOutput.Empty(DetectorBoxes.Cells);
        TinyOnnx.Write(Model, [1, 1, 64, 96], output, DetectorOutput.Shape);
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*[1, 1, 64, 96]*[1, 3, height, width]*");
        TinyOnnx.Write(Model, Shape, output, [1, DetectorOutput.Attributes, DetectorOutput.Cells]);
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*[1, 7, 126]*[1, 126, 6 or more]*");
        TinyOnnx.Write(Model, Shape, output, DetectorOutput.Shape);
        Loading(new OnnxDetectorOptions { PersonClass = 2 }).Should().Throw<PoseDataException>().WithMessage("*[1, 126, 7]*8 or more*");
        TinyOnnx.Write(Model, Shape, output, DetectorOutput.Shape, inputs: 2);
        Loading().Should().Throw<PoseDataException>().WithMessage("*one input*images0*images1*");
        const int bytes = 2;
        TinyOnnx.Write(Model, Shape, output, DetectorOutput.Shape, inputType: bytes);
        Loading().Should().Throw<PoseDataException>().WithMessage("*32-bit floats*UInt8*");
        TinyOnnx.Write(Model, Shape, [.. Enumerable.Repeat(1e4f, output.Length)], DetectorOutput.Shape);
        Loading().Should().Throw<PoseDataException>().WithMessage("*neither*OnnxDetectorOptions.Boxes*");
        Loading(new OnnxDetectorOptions { Boxes = DetectorBoxes.Pixels }).Should().NotThrow();
    }

    [Fact]
    public void Damaged_files_are_errors_that_name_them()
    {
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*does not exist*");
        File.WriteAllBytes(Model, []);
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*");
        File.WriteAllText(Model, "This is not a model.");
        Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*");
        TinyOnnx.Write(Model, Shape, DetectorOutput.Empty(DetectorBoxes.Cells), DetectorOutput.Shape);
        var whole = File.ReadAllBytes(Model);
        foreach (var part in new[] { 0.1, 0.5, 0.99 })
        {
            File.WriteAllBytes(Model, whole[..(int)(whole.Length * part)]);
            Loading().Should().Throw<PoseDataException>().WithMessage($"{Model}*");
        }
    }

    [Fact]
    public void A_cancelled_search_ends()
    {
        TinyOnnx.Write(Model, Shape, DetectorOutput.Empty(DetectorBoxes.Cells), DetectorOutput.Shape);
        using var detector = OnnxPersonDetector.Load(Model);
        FluentActions.Invoking(() => detector.Detect(Image, cancellation: new CancellationToken(true))).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Options_are_checked()
    {
        FluentActions.Invoking(() => new OnnxDetectorOptions { ScoreThreshold = 1.1 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new OnnxDetectorOptions { IouThreshold = double.NaN }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new OnnxDetectorOptions { PersonClass = -1 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new OnnxDetectorOptions { Threads = -1 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    private Action Loading(OnnxDetectorOptions? options = null) => () => OnnxPersonDetector.Load(Model, options).Dispose();

    private float[] Scores(OnnxDetectorOptions options)
    {
        using var detector = OnnxPersonDetector.Load(Model, options);
        return [.. detector.Detect(Image).Select(p => (float)p.Score)];
    }
}
