using Mspn.Core;
using SkiaSharp;

namespace Mspn.Data.Tests.Images;

public class SkiaImageCodecTests
{
    // 16×8 pixels, left half red and right half blue, in Adobe's inverted CMYK.
    private const string CmykJpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwEC"
        + "AgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/EABYA"
        + "AQEBAAAAAAAAAAAAAAAAAAgACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAKCP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAOBAEA"
        + "AhEDEQQAAD8AZirB/wBv4XgqZKif/9k=";

    private static readonly SkiaImageCodec Codec = SkiaImageCodec.Instance;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 53)]
    public void A_PNG_gives_back_every_pixel(int height, int width)
    {
        var image = TestImages.Noise(height, width);

        var back = Codec.Decode(Codec.Encode(image, ImageFileFormat.Png), "noise.png");

        back.Size.Should().Be(image.Size);
        back.Pixels.Should().Equal(image.Pixels);
    }

    [Fact]
    public void A_JPEG_gives_back_about_the_same_colours()
    {
        var image = TestImages.Blocks();

        TestImages.LargestDifferenceInsideBlocks(Codec.Decode(Codec.Encode(image, ImageFileFormat.Jpeg), "blocks.jpg"), image).Should().BeLessThan(6);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Jpeg, 4)]
    public void A_grey_image_has_three_equal_channels(SKEncodedImageFormat format, int tolerance)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 8, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var i = 0; i < 320; i++)
        {
            bitmap.GetPixelSpan()[i] = (byte)(i % 40 * 6);
        }
        using var data = bitmap.Encode(format, 95);

        var image = Codec.Decode(data.AsSpan(), "grey");

        image.Size.Should().Be(new ImageSize(8, 40));
        for (var x = 0; x < 40; x++)
        {
            var (r, g, b) = image.At(x, 3);
            (g, b).Should().Be((r, r));
            ((int)r).Should().BeCloseTo(6 * x, (uint)tolerance);
        }
    }

    [Fact]
    public void Transparency_is_dropped_and_colours_stay()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        ((byte[])[200, 100, 50, 64, 10, 20, 30, 255]).CopyTo(bitmap.GetPixelSpan());
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        Codec.Decode(data.AsSpan(), "alpha.png").Pixels.Should().Equal(200, 100, 50, 10, 20, 30);
    }

    [Fact]
    public void A_CMYK_JPEG_is_read_as_RGB()
    {
        var image = Codec.Decode(Convert.FromBase64String(CmykJpeg), "cmyk.jpg");

        image.Size.Should().Be(new ImageSize(8, 16));
        var (red, blue) = (image.At(2, 4), image.At(13, 4));
        ((int)red.R, (int)red.G, (int)red.B).Should().Match<(int R, int G, int B)>(c => c.R > 230 && c.G < 25 && c.B < 25);
        ((int)blue.R, (int)blue.G, (int)blue.B).Should().Match<(int R, int G, int B)>(c => c.R < 25 && c.G < 25 && c.B > 230);
    }

    [Fact]
    public void Bitmaps_convert_both_ways()
    {
        var image = TestImages.Noise(5, 7);
        using var bitmap = SkiaImageCodec.ToBitmap(image);

        SkiaImageCodec.FromBitmap(bitmap).Pixels.Should().Equal(image.Pixels);
    }

    [Fact]
    public void A_part_of_a_bitmap_converts_without_its_surroundings()
    {
        var image = TestImages.Noise(5, 7);
        using var bitmap = SkiaImageCodec.ToBitmap(image);
        using var part = new SKBitmap();
        bitmap.ExtractSubset(part, new SKRectI(2, 1, 6, 4)).Should().BeTrue();

        var cut = SkiaImageCodec.FromBitmap(part);

        cut.Size.Should().Be(new ImageSize(3, 4));
        for (var y = 0; y < cut.Height; y++)
        {
            for (var x = 0; x < cut.Width; x++)
            {
                cut.At(x, y).Should().Be(image.At(x + 2, y + 1));
            }
        }
    }

    [Fact]
    public void A_bitmap_of_another_colour_type_is_refused()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 2, SKColorType.Gray8));

        FluentActions.Invoking(() => SkiaImageCodec.FromBitmap(bitmap)).Should().Throw<ArgumentException>().WithMessage("*Gray8*");
    }
}
