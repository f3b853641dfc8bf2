using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Augmentation;

public class FixedPointWarpTests
{
    private static readonly AffineTransform Identity = new(1, 0, 0, 0, 1, 0);

    [Fact]
    public void The_identity_copies_the_image()
    {
        var image = TestImages.Noise(11, 13);

        Warp(image, Identity, image.Size).Should().Equal(image.Pixels);
    }

    [Fact]
    public void Pixels_outside_the_image_are_black()
    {
        var image = TestImages.Noise(4, 4);

        var shifted = new RgbImage(4, 4, Warp(image, Identity with { C = 2 }, image.Size));

        shifted.At(1, 1).Should().Be(((byte)0, (byte)0, (byte)0));
        shifted.At(2, 1).Should().Be(image.At(0, 1));
    }

    [Fact]
    public void Half_a_pixel_is_the_mean_of_two()
    {
        var image = new RgbImage(1, 2, [10, 20, 30, 20, 40, 60]);

        Warp(image, Identity with { C = -0.5 }, new ImageSize(1, 1)).Should().Equal(15, 30, 45);
    }

    [Fact]
    public void A_degenerate_or_absurd_region_gives_a_crop_and_no_error()
    {
        var image = TestImages.Noise(4, 4);

        Warp(image, default, new ImageSize(2, 2)).Should().HaveCount(12);
        Warp(image, new AffineTransform(1e-12, 0, 0, 0, 1e-12, 1e9), new ImageSize(2, 2)).Should().OnlyContain(b => b == 0);
    }

    [Fact]
    public void A_target_of_another_size_is_refused() =>
        FluentActions.Invoking(() => FixedPointWarp.Warp(TestImages.Noise(4, 4), Identity, new ImageSize(4, 4), new byte[47]))
            .Should().Throw<ArgumentException>().WithMessage("*48*47*");

    private static byte[] Warp(RgbImage image, AffineTransform toCrop, ImageSize crop)
    {
        var bytes = new byte[3 * crop.Height * crop.Width];
        FixedPointWarp.Warp(image, toCrop, crop, bytes);
        return bytes;
    }
}
