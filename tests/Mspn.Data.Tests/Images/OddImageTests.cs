using Mspn.Core;

namespace Mspn.Data.Tests.Images;

public class OddImageTests
{
    private static readonly SkiaImageCodec Codec = SkiaImageCodec.Instance;

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(30_000, 30_000)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void A_small_file_cannot_ask_for_all_memory(int height, int width)
    {
        var bomb = PngFiles.Of(height, width, 8, PngFiles.Rgb, new byte[100]);

        AllocatedWhile(() => Decoding(bomb, "bomb.png").ShouldFailNaming("bomb.png")).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void A_JPEG_header_cannot_either()
    {
        var jpeg = Codec.Encode(TestImages.Blocks(), ImageFileFormat.Jpeg);
        var frame = jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);
        ((byte[])[0xFF, 0xDC, 0xFF, 0xDC]).CopyTo(jpeg, frame + 5);

        AllocatedWhile(() => Decoding(jpeg, "bomb.jpg").ShouldFailNaming("bomb.jpg", "65500×65500*MaximumPixels")).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void The_limit_is_the_callers()
    {
        var png = Codec.Encode(TestImages.Noise(4, 6), ImageFileFormat.Png);

        new SkiaImageCodec { MaximumPixels = 24 }.Decode(png, "small.png").Size.Should().Be(new ImageSize(4, 6));
        FluentActions.Invoking(() => { new SkiaImageCodec { MaximumPixels = 23 }.Decode(png, "small.png"); }).ShouldFailNaming("small.png", "6×4*23");
        Codec.MaximumPixels.Should().Be(1 << 27);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_limit_is_positive_and_fits_an_array(int limit) =>
        FluentActions.Invoking(() => new SkiaImageCodec { MaximumPixels = limit }).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void A_very_wide_image_is_read()
    {
        var image = TestImages.Noise(3, 20_000);

        Codec.Decode(Codec.Encode(image, ImageFileFormat.Png), "wide.png").Pixels.Should().Equal(image.Pixels);
        Codec.Decode(Codec.Encode(image, ImageFileFormat.Jpeg), "wide.jpg").Size.Should().Be(image.Size);
    }

    [Fact]
    public void Every_width_is_unpacked_to_the_last_pixel()
    {
        for (var width = 1; width <= 40; width++)
        {
            var image = TestImages.Noise(2, width);
            Codec.Decode(Codec.Encode(image, ImageFileFormat.Png), "narrow.png").Pixels.Should().Equal(image.Pixels, $"{width} pixels are wide");
        }
    }

    [Fact]
    public void Of_16_bits_the_upper_8_are_taken()
    {
        Codec.Decode(PngFiles.Of(1, 2, 16, PngFiles.Rgb, [0, 10, 255, 20, 128, 30, 0, 255, 255, 0, 255, 127, 1]), "rgb16.png")
            .Pixels.Should().Equal(10, 20, 30, 255, 0, 127);
        Codec.Decode(PngFiles.Of(1, 2, 16, PngFiles.Grey, [0, 10, 255, 200, 0]), "grey16.png").Pixels.Should().Equal(10, 10, 10, 200, 200, 200);
    }

    [Fact]
    public void A_palette_is_looked_up_and_its_transparency_dropped()
    {
        var png = PngFiles.Of(1, 3, 8, PngFiles.Palette, [0, 1, 0, 1], ("PLTE", [9, 8, 7, 200, 100, 50]), ("tRNS", [0, 128]));

        Codec.Decode(png, "palette.png").Pixels.Should().Equal(200, 100, 50, 9, 8, 7, 200, 100, 50);
    }

    [Fact]
    public void Single_bits_are_black_and_white() =>
        Codec.Decode(PngFiles.Of(1, 3, 1, PngFiles.Grey, [0, 0b1010_0000]), "bits.png").Pixels.Should().Equal(255, 255, 255, 0, 0, 0, 255, 255, 255);

    [Fact]
    public void A_gamma_changes_nothing()
    {
        var png = PngFiles.Of(1, 1, 8, PngFiles.Rgb, [0, 100, 150, 200], ("gAMA", [0, 1, 0x86, 0xA0]));

        Codec.Decode(png, "gamma.png").Pixels.Should().Equal(100, 150, 200);
    }

    [Theory]
    [InlineData(ImageFileFormat.Jpeg)]
    [InlineData(ImageFileFormat.Png)]
    public void A_damaged_image_is_read_or_refused_and_nothing_else(ImageFileFormat format)
    {
        var whole = Codec.Encode(TestImages.Noise(24, 24), format);
        var careful = new SkiaImageCodec { MaximumPixels = 1 << 16 };
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])whole.Clone();
            random.NextBytes(damaged.AsSpan(random.Next(damaged.Length - 4), random.Next(1, 5)));
            var act = () => careful.Decode(damaged.AsSpan(0, random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length)), "damaged");
            try
            {
                act().Pixels.Should().NotBeEmpty();
            }
            catch (PoseDataException e)
            {
                e.SourceName.Should().Be("damaged");
            }
        }
    }

    [Fact]
    public void Random_bytes_are_no_image() => Decoding(TestImages.Noise(40, 40).Pixels, "random.jpg").ShouldFailNaming("random.jpg", "not an image");

    private static Action Decoding(byte[] bytes, string name) => () => Codec.Decode(bytes, name);

    private static long AllocatedWhile(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
