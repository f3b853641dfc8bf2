using Mspn.Core;

namespace Mspn.Data.Tests.Images;

public class CubicResizeTests
{
    private static readonly RgbImage Small = new(2, 3, [10, 200, 30, 250, 0, 90, 40, 120, 255, 0, 255, 128, 77, 33, 200, 180, 60, 5]);

    [Fact]
    public void Another_size_gives_OpenCVs_bytes() =>
        // cv2.resize(image, (4, 3), interpolation=cv2.INTER_CUBIC); a row is one block of eight numbers and four more
        Small.Resized(new ImageSize(3, 4)).Pixels.Should().Equal(
            0, 209, 17, 199, 54, 38, 207, 22, 158, 11, 134, 255,
            0, 243, 74, 112, 84, 123, 162, 20, 147, 106, 95, 129,
            0, 255, 131, 25, 114, 208, 116, 18, 136, 201, 56, 0);

    [Fact]
    public void A_factor_gives_OpenCVs_bytes()
    {
        var image = new RgbImage(4, 5, [.. Enumerable.Range(0, 60).Select(i => (byte)(37 * i + 11 * i * i))]);

        // cv2.resize(image, (0, 0), fx=.65, fy=.65, interpolation=cv2.INTER_CUBIC)
        var resized = image.Resized(0.65);

        resized.Size.Should().Be(new ImageSize(3, 3));
        resized.Pixels.Should().Equal(
            95, 53, 147, 153, 80, 167, 168, 149, 179, 50, 177, 167, 237, 77, 128, 222, 144, 74, 182, 114, 183, 56, 164, 86, 70, 254, 179);
    }

    [Fact]
    public void The_same_size_is_a_copy_even_if_the_factor_is_not_one()
    {
        var image = TestImages.Noise(20, 30);
        foreach (var copy in new[] { image.Resized(1.01), image.Resized(image.Size) })
        {
            copy.Should().NotBeSameAs(image);
            copy.Pixels.Should().Equal(image.Pixels).And.NotBeSameAs(image.Pixels);
        }
    }

    [Fact]
    public void An_image_of_one_colour_keeps_it()
    {
        var image = new RgbImage(7, 9);
        Array.Fill(image.Pixels, (byte)201);
        image.Resized(new ImageSize(31, 4)).Pixels.Should().OnlyContain(b => b == 201);
        image.Resized(new ImageSize(2, 50)).Pixels.Should().OnlyContain(b => b == 201);
    }

    [Fact]
    public void Nothing_is_no_size()
    {
        FluentActions.Invoking(() => Small.Resized(new ImageSize(0, 4))).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Small.Resized(0.1)).Should().Throw<ArgumentException>().WithMessage("*2×3*");
    }
}
