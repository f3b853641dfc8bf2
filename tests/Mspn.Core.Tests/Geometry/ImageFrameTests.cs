namespace Mspn.Core.Tests.Geometry;

public class ImageFrameTests
{
    [Theory]
    [InlineData(368, 500, 0.5, 8, 184, 250, 184, 256)]
    [InlineData(427, 640, 184.0 / 427, 8, 184, 276, 184, 280)]
    [InlineData(5, 7, 0.5, 1, 2, 4, 2, 4)] // 2.5 and 3.5 to even
    [InlineData(10, 10, 1, 4, 10, 10, 12, 12)]
    public void Sizes_are_rounded_to_even_and_then_up_to_the_stride(
        int height, int width, double scale, int stride, int scaledHeight, int scaledWidth, int paddedHeight, int paddedWidth)
    {
        var image = new ImageSize(height, width);
        ImageFrame.ForScale(image, scale, stride).Should().Be(
            new ImageFrame(image, new ImageSize(scaledHeight, scaledWidth), new ImageSize(paddedHeight, paddedWidth)));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1e9)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_scale_that_leaves_nothing_or_far_too_much_is_refused(double scale) =>
        FluentActions.Invoking(() => ImageFrame.ForScale(new ImageSize(20, 30), scale, 8))
            .Should().Throw<ArgumentException>().WithMessage("*20×30*");

    [Fact]
    public void Strides_that_leave_no_sensible_size_are_refused()
    {
        FluentActions.Invoking(() => ImageFrame.ForScale(new ImageSize(20, 30), 1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => ImageFrame.ForScale(new ImageSize(20, 30), 1, int.MaxValue)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Maps_come_back_in_the_images_size_without_the_filling()
    {
        // A ramp along x over the padded input, whose cells are centred at (c + 0.5)·8 − 0.5. With A = −0.75 a cubic keeps ramps but for
        // a tenth of a cell; with the filling left in, all would be stretched by 56/50.
        var frame = ImageFrame.ForScale(new ImageSize(40, 100), 0.5, 8);
        var maps = new ImageSize(frame.Padded.Height / 8, frame.Padded.Width / 8);
        var ramp = Enumerable.Range(0, maps.Height * maps.Width).Select(i => (i % maps.Width + 0.5f) * 8 - 0.5f).ToArray();
        var target = new float[40 * 100];

        frame.AddMaps(ramp, 1, maps, target);

        for (var x = 30; x < 80; x++)
        {
            target[20 * 100 + x].Should().BeApproximately((x + 0.5f) * 0.5f - 0.5f, 0.8f);
        }
    }

    [Fact]
    public void Weighted_maps_of_several_scales_add_up()
    {
        var image = new ImageSize(16, 24);
        var target = new float[2 * 16 * 24];
        foreach (var (scale, value) in new[] { (1.0, 3f), (0.5, 5f) })
        {
            var frame = ImageFrame.ForScale(image, scale, 8);
            var size = new ImageSize(frame.Padded.Height / 8, frame.Padded.Width / 8);
            var area = size.Height * size.Width;
            float[] maps = [.. Enumerable.Repeat(value, area), .. Enumerable.Repeat(-value, area)];
            frame.AddMaps(maps, 2, size, target, weight: 0.5f);
        }
        target[..(16 * 24)].Should().OnlyContain(v => Math.Abs(v - 4) < 1e-5);
        target[(16 * 24)..].Should().OnlyContain(v => Math.Abs(v + 4) < 1e-5);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        var frame = ImageFrame.ForScale(new ImageSize(16, 24), 1, 8);
        var maps = new ImageSize(2, 3);
        frame.Invoking(f => f.AddMaps(new float[7], 1, maps, new float[16 * 24])).Should().Throw<ArgumentException>().WithMessage("*1*2×3*7*");
        frame.Invoking(f => f.AddMaps(new float[6], 1, maps, new float[5])).Should().Throw<ArgumentException>().WithMessage("*16×24*384*5*");
        frame.Invoking(f => f.AddMaps(new float[6], 0, maps, new float[5])).Should().Throw<ArgumentOutOfRangeException>();
        // Whose area is 0 in 32 bits.
        (frame with { Image = new ImageSize(1 << 16, 1 << 16) }).Invoking(f => f.AddMaps(new float[6], 1, maps, default))
            .Should().Throw<ArgumentException>().WithMessage("*4294967296*0*");
    }
}
