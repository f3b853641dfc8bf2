using Mspn.Core;

namespace Mspn.Data.Tests.Images;

public class WholeImagePreparationTests
{
    private static readonly ImageNormalization Plain = new()
    {
        Order = ChannelOrder.Rgb, Mean = [0, 0, 0], Std = [1 / 255f, 1 / 255f, 1 / 255f],
    };

    public static TheoryData<PoseInput> BadInputs =>
    [
        new() { WholeImage = null },
        new() { WholeImage = new() { Height = 0 } },
        new() { WholeImage = new() { Stride = 0 } },
        new() { WholeImage = new() { Scales = [] } },
        new() { WholeImage = new() { Scales = [0.5, 0] } },
        new() { WholeImage = new() { Scales = [double.NaN] } },
        PoseInput.OpenPose with { Normalization = new ImageNormalization { Std = [1, 1, 0] } },
    ];

    [Fact]
    public void OpenPoses_normalisation_is_a_256th_less_a_half()
    {
        var input = Prepare(new RgbImage(1, 2, [0, 64, 255, 128, 1, 200]), ImageNormalization.OpenPose, stride: 1);

        double[] expected = [255, 200, 64, 1, 0, 128]; // blue, green, red
        input.Pixels.Zip(expected, (p, v) => Math.Abs(p - (v / 256 - 0.5))).Max().Should().BeLessThan(1e-6);
    }

    [Fact]
    public void The_filling_is_at_the_right_and_the_bottom()
    {
        var image = new RgbImage(2, 3, [.. Enumerable.Range(1, 18).Select(i => (byte)i)]);

        var input = Prepare(image, Plain, stride: 4);

        input.Frame.Should().Be(new ImageFrame(image.Size, image.Size, new ImageSize(4, 4)));
        input.Pixels.Take(16).Select(v => (int)Math.Round(v)).Should().Equal(
            1, 4, 7, 128,
            10, 13, 16, 128,
            128, 128, 128, 128,
            128, 128, 128, 128);
    }

    [Fact]
    public void Every_scale_gives_an_input_of_its_own()
    {
        var preparation = Preparation(new WholeImageOptions { Height = 64, Scales = [0.5, 1, 2] });

        var inputs = preparation.Prepare(TestImages.Noise(32, 41));

        inputs.Select(i => i.Frame.Scaled).Should().Equal(new ImageSize(32, 41), new ImageSize(64, 82), new ImageSize(128, 164));
        inputs.Select(i => i.Frame.Padded).Should().Equal(new ImageSize(32, 48), new ImageSize(64, 88), new ImageSize(128, 168));
        inputs.Should().OnlyContain(i => i.Pixels.Length == 3 * i.Frame.Padded.Height * i.Frame.Padded.Width);
    }

    [Fact]
    public void Maps_of_several_scales_are_averaged()
    {
        var preparation = Preparation(new WholeImageOptions { Height = 32, Scales = [0.5, 1] });
        var inputs = preparation.Prepare(TestImages.Noise(32, 40));
        float[] values = [2, 8];
        var maps = inputs.Zip(values, (input, value) =>
        {
            var size = new ImageSize(input.Frame.Padded.Height / 8, input.Frame.Padded.Width / 8);
            return ((ReadOnlyMemory<float>)Enumerable.Repeat(value, size.Height * size.Width).ToArray(), size);
        }).ToArray();

        var restored = WholeImagePreparation.Restore(inputs, maps, 1);

        restored.Should().HaveCount(32 * 40).And.OnlyContain(v => Math.Abs(v - 5) < 1e-5);
    }

    [Fact]
    public void As_many_maps_as_inputs_are_needed()
    {
        var inputs = new WholeImagePreparation(PoseInput.OpenPose).Prepare(TestImages.Noise(32, 40));
        FluentActions.Invoking(() => WholeImagePreparation.Restore(inputs, [], 1)).Should().Throw<ArgumentException>().WithMessage("*1*0*");
        FluentActions.Invoking(() => WholeImagePreparation.Restore([], [], 1)).Should().Throw<ArgumentException>();
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Inputs_that_cannot_be_prepared_are_refused(PoseInput input) =>
        FluentActions.Invoking(() => new WholeImagePreparation(input)).Should().Throw<ArgumentException>();

    private static WholeImageInput Prepare(RgbImage image, ImageNormalization normalization, int stride)
    {
        var options = new WholeImageOptions { Height = image.Height, Scales = [1], Stride = stride };
        return Preparation(options, normalization).Prepare(image).Should().ContainSingle().Subject;
    }

    private static WholeImagePreparation Preparation(WholeImageOptions options, ImageNormalization? normalization = null) =>
        new(new PoseInput { WholeImage = options, Normalization = normalization ?? ImageNormalization.OpenPose });
}
