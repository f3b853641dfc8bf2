using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Onnx.Tests;

public sealed class OnnxPoseEstimatorTests : IDisposable
{
    private static readonly Box[] Boxes =
    [
        new(10, 5, 60, 90), new(0, 0, 96, 120), new(-10, 20, 50, 50), new(40, 60, 80, 90), new(20, 20, 12.5, 30.25),
    ];

    private static readonly SyntheticPeopleDataset People = new(
        KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 5, ImageSize = new ImageSize(120, 96) });

    private readonly TemporaryFolder _folder = new();
    private readonly PoseModel _model;
    private readonly string _path;

    public OnnxPoseEstimatorTests()
    {
        _path = _folder.File("tiny.onnx");
        _model = new PoseModel(TinyNetworks.Mspn(), PoseInput.Mmpose);
        Liveliness.Give(_model.Network.Module);
        OnnxExport.Save(_path, _model);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, false, 16)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 1)]
    public void An_exported_file_estimates_what_the_model_estimates(bool pixels, bool flipTest, int batchSize)
    {
        OnnxExport.Save(_path, _model, new OnnxExportOptions { RawPixels = pixels, FlipTest = flipTest });
        using var expected = new PoseEstimator(_model, new PoseEstimatorOptions { FlipTest = flipTest });
        using var found = PoseEstimator.FromOnnx(_path, new OnnxPoseOptions { BatchSize = batchSize, Threads = 1 });
        found.Keypoints.Keypoints.Should().Equal(KeypointSchemas.Coco17.Keypoints);
        ShouldBeSame(found.Estimate(People.LoadImage(0), Boxes), expected.Estimate(People.LoadImage(0), Boxes));
        ShouldBeSame([.. found.Estimate(People)], [.. expected.Estimate(People)]);
        ShouldBeSame(found.EstimateEverybody(People.LoadImage(1)), expected.EstimateEverybody(People.LoadImage(1)));
    }

    [Fact]
    public void A_network_of_the_callers_own_can_be_exported()
    {
        var model = new PoseModel(new OwnNetwork(), new PoseInput { HeatmapPeak = 1 });
        Liveliness.Give(model.Network.Module);
        OnnxExport.Save(_path, model).Should().Equal("keypoints");
        using var expected = new PoseEstimator(model);
        using var found = PoseEstimator.FromOnnx(_path);
        found.Keypoints.Name.Should().Be("mpii16");
        ShouldBeSame(found.Estimate(People.LoadImage(0), Boxes), expected.Estimate(People.LoadImage(0), Boxes));
    }

    [Fact]
    public void Several_threads_get_what_one_gets()
    {
        using var estimator = PoseEstimator.FromOnnx(_path, new OnnxPoseOptions { Threads = 1 });
        var image = People.LoadImage(0);
        var expected = estimator.Estimate(image, Boxes);
        Parallel.For(0, 4, _ => ShouldBeSame(estimator.Estimate(image, Boxes), expected));
    }

    [Fact]
    public void A_cancelled_estimation_stops()
    {
        using var estimator = PoseEstimator.FromOnnx(_path);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        estimator.Invoking(e => e.Estimate(People.LoadImage(0), Boxes, cancelled.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_missing_or_damaged_file_is_an_error()
    {
        Load(_folder.File("none.onnx")).Should().Throw<PoseDataException>().WithMessage("*none.onnx*");
        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^1000]);
        Load(_path).Should().Throw<PoseDataException>().WithMessage("*tiny.onnx*");
        File.WriteAllText(_path, "this is no model");
        Load(_path).Should().Throw<PoseDataException>().WithMessage("*tiny.onnx*");
    }

    [Fact]
    public void Another_librarys_file_is_an_error_that_says_what_is_missing()
    {
        var foreign = _folder.File("foreign.onnx");
        TinyOnnx.Write(foreign, [-1, 3, 64, 64], [1], [1]);
        Load(foreign).Should().Throw<PoseDataException>().WithMessage("*foreign.onnx*'mspn.keypoints' is missing*");
    }

    [Fact]
    public void A_file_of_maps_alone_is_an_error_that_says_so()
    {
        using var network = TinyNetworks.Build("openpose");
        OnnxExport.Save(_path, network, PoseInput.OpenPose);
        Load(_path).Should().Throw<PoseDataException>().WithMessage("*tiny.onnx*'heatmaps'*no 'keypoints'*");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    public void Options_out_of_range_are_errors(int batchSize, int threads)
    {
        var choose = () => new OnnxPoseOptions { BatchSize = batchSize, Threads = threads };
        choose.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Action Load(string path) => () => PoseEstimator.FromOnnx(path).Dispose();

    private static void ShouldBeSame(IReadOnlyList<Pose> found, IReadOnlyList<Pose> expected)
    {
        found.Should().HaveCount(expected.Count);
        foreach (var (one, other) in found.Zip(expected))
        {
            one.Box.Should().Be(other.Box);
            // As far as single precision goes where a crop is enlarged to a large box.
            one.Score.Should().BeApproximately(other.Score, 1e-4 * Math.Max(1, Math.Abs(other.Score)));
            foreach (var (a, b) in one.Keypoints.Zip(other.Keypoints))
            {
                double.Hypot(a.X - b.X, a.Y - b.Y).Should().BeLessThanOrEqualTo(1e-3);
            }
        }
    }
}
