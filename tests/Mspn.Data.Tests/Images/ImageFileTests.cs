using Mspn.Core;

namespace Mspn.Data.Tests.Images;

public sealed class ImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_PNG_loads_as_it_was_and_folders_are_made()
    {
        var image = TestImages.Noise(9, 11);
        var path = _folder.File("deeper", "still", "noise.PNG");

        image.Save(path);

        RgbImage.Load(path).Pixels.Should().Equal(image.Pixels);
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.jpeg")]
    public void The_extension_chooses_JPEG(string name)
    {
        TestImages.Blocks().Save(_folder.File(name));

        File.ReadAllBytes(_folder.File(name))[..2].Should().Equal(0xFF, 0xD8);
    }

    [Fact]
    public void JPEG_files_have_the_codecs_quality()
    {
        long Length(int quality)
        {
            TestImages.Noise(64, 64).Save(_folder.File("quality.jpg"), new SkiaImageCodec { JpegQuality = quality });
            return new FileInfo(_folder.File("quality.jpg")).Length;
        }
        Length(30).Should().BeLessThan(Length(90) / 2);
        SkiaImageCodec.Instance.JpegQuality.Should().Be(90);
        FluentActions.Invoking(() => new SkiaImageCodec { JpegQuality = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SkiaImageCodec { JpegQuality = 101 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void An_image_too_long_for_JPEG_is_an_error() =>
        FluentActions.Invoking(() => new RgbImage(1, 70_000).Save(_folder.File("long.jpg"))).Should().Throw<ArgumentException>().WithMessage("*1×70000*Jpeg*");

    [Fact]
    public void Another_extension_is_refused() =>
        FluentActions.Invoking(() => TestImages.Blocks().Save(_folder.File("a.tiff"))).Should().Throw<ArgumentException>().WithMessage("*.tiff*");

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() => Reading("nowhere.png", null).ShouldFailNaming(_folder.File("nowhere.png"), "does not exist");

    [Fact]
    public void A_folder_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(_folder.File("folder.png"));

        Reading("folder.png", null).ShouldFailNaming(_folder.File("folder.png"));
    }

    [Fact]
    public void An_empty_file_is_an_error_that_names_it() => Reading("empty.png", []).ShouldFailNaming(_folder.File("empty.png"), "empty");

    [Fact]
    public void A_text_file_is_an_error_that_names_it() =>
        Reading("text.jpg", [.. "This is not a photograph."u8]).ShouldFailNaming(_folder.File("text.jpg"), "not an image");

    [Theory]
    [InlineData(ImageFileFormat.Jpeg, 0.5)]
    [InlineData(ImageFileFormat.Jpeg, 0.9)]
    [InlineData(ImageFileFormat.Png, 0.5)]
    [InlineData(ImageFileFormat.Png, 0.9)]
    public void A_truncated_image_is_an_error_that_names_it(ImageFileFormat format, double kept)
    {
        var whole = SkiaImageCodec.Instance.Encode(TestImages.Noise(64, 64), format);

        Reading("cut.image", whole[..(int)(whole.Length * kept)]).ShouldFailNaming(_folder.File("cut.image"));
    }

    [Fact]
    public void Pixels_must_fill_the_image() =>
        FluentActions.Invoking(() => new RgbImage(2, 3, new byte[17])).Should().Throw<ArgumentException>().WithMessage("*18*17*");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void An_image_has_a_size(int height, int width) =>
        FluentActions.Invoking(() => new RgbImage(height, width)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void A_clone_has_pixels_of_its_own()
    {
        var image = TestImages.Noise(2, 2);
        var clone = image.Clone();
        clone.Pixels[0] ^= 0xFF;

        image.Pixels.Should().NotEqual(clone.Pixels);
    }

    private Action Reading(string name, byte[]? content)
    {
        if (content is not null)
        {
            File.WriteAllBytes(_folder.File(name), content);
        }
        return () => RgbImage.Load(_folder.File(name));
    }
}
