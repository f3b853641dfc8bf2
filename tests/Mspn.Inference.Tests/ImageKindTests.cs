using Mspn.Core;
using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference.Tests;

/// <summary>From files of all kinds to keypoints: a network that finds a bright spot must find it where people see it.</summary>
public sealed class ImageKindTests : IDisposable
{
    private const int Height = 120;
    private const int Width = 80;
    private const double SpotX = 50;
    private const double SpotY = 30;

    private static readonly PoseInput Whole = new() { BoxScaleX = 1, BoxScaleY = 1 };

    private readonly TemporaryFolder _folder = new();
    private readonly PoseEstimator _estimator = new(new PoseModel(new BlobNetwork(), Whole));

    public void Dispose()
    {
        _estimator.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("colour.png", SKEncodedImageFormat.Png, SKColorType.Rgba8888, SKAlphaType.Opaque)]
    [InlineData("colour.jpg", SKEncodedImageFormat.Jpeg, SKColorType.Rgba8888, SKAlphaType.Opaque)]
    [InlineData("grey.png", SKEncodedImageFormat.Png, SKColorType.Gray8, SKAlphaType.Opaque)]
    [InlineData("grey.jpg", SKEncodedImageFormat.Jpeg, SKColorType.Gray8, SKAlphaType.Opaque)]
    [InlineData("alpha.png", SKEncodedImageFormat.Png, SKColorType.Rgba8888, SKAlphaType.Unpremul)]
    [InlineData("colour.webp", SKEncodedImageFormat.Webp, SKColorType.Rgba8888, SKAlphaType.Opaque)]
    public void The_kind_of_file_does_not_matter(string name, SKEncodedImageFormat format, SKColorType colour, SKAlphaType alpha)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, colour, alpha));
        var bytes = bitmap.BytesPerPixel;
        foreach (var (x, y) in Places(Width, Height))
        {
            var pixel = bitmap.GetPixelSpan().Slice((y * Width + x) * bytes, bytes);
            pixel.Fill(Brightness(x, y));
            if (bytes == 4)
            {
                // Half of the picture can be seen through, which changes nothing.
                pixel[3] = alpha == SKAlphaType.Opaque || x % 2 == 0 ? byte.MaxValue : (byte)60;
            }
        }
        using var data = bitmap.Encode(format, 95);
        ShouldFindTheSpot(Save(name, data.ToArray()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void A_photo_is_taken_upright(int orientation)
    {
        // How the camera stored it: upside down, or on either side.
        var (height, width) = orientation == 3 ? (Height, Width) : (Width, Height);
        var stored = new RgbImage(height, width);
        foreach (var (x, y) in Places(width, height))
        {
            var (uprightX, uprightY) = orientation switch
            {
                3 => (Width - 1 - x, Height - 1 - y),
                6 => (Width - 1 - y, x),
                _ => (y, Height - 1 - x),
            };
            stored.Pixels.AsSpan((y * width + x) * 3, 3).Fill(Brightness(uprightX, uprightY));
        }
        ShouldFindTheSpot(Save("turned.jpg", ExifJpeg.WithOrientation(SkiaImageCodec.Instance.Encode(stored, ImageFileFormat.Jpeg), orientation)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 1)]
    [InlineData(2, 3)]
    [InlineData(4000, 6000)]
    public void Tiny_and_huge_images_have_keypoints_in_them(int height, int width)
    {
        var image = new RgbImage(height, width);
        image.Pixels.AsSpan().Fill(90);
        var file = _folder.File("image.png");
        image.Save(file);
        using var trained = new PoseEstimator(new PoseModel(TinyNetworks.Mspn(), Whole));
        foreach (var estimator in new[] { _estimator, trained })
        {
            var pose = estimator.Estimate(RgbImage.Load(file));
            // The crop has another aspect ratio than the image, and more around it.
            var extent = 2 * Math.Max(height, width);
            pose.Keypoints.Should().OnlyContain(k => Math.Abs(k.X) <= extent && Math.Abs(k.Y) <= extent && double.IsFinite(k.Score));
            PoseRenderer.Draw(image, pose).Width.Should().BePositive();
        }
    }

    [Fact]
    public async Task Bad_files_are_told_of_and_the_others_go_on()
    {
        var good = Save("good.png", SkiaImageCodec.Instance.Encode(Spot(), ImageFileFormat.Png));
        var torn = Save("torn.jpg", SkiaImageCodec.Instance.Encode(Spot(), ImageFileFormat.Jpeg)[..400]);
        var text = Save("text.png", "no image"u8.ToArray());
        string[] files = [good, torn, _folder.File("none.png"), text, Save("empty.jpg", []), good];
        var found = new List<FilePoses>();
        await foreach (var poses in _estimator.EstimateFilesAsync(files))
        {
            found.Add(poses);
        }
        found.Select(f => f.File).Should().Equal(files);
        found.Select(f => f.Index).Should().Equal(0, 1, 2, 3, 4, 5);
        found.Select(f => f.Error is null).Should().Equal(true, false, false, false, false, true);
        found.Select(f => f.Poses.Count).Should().Equal(1, 0, 0, 0, 0, 1);
        foreach (var bad in found.Where(f => f.Error is not null))
        {
            bad.Image.Should().BeNull();
            bad.Error!.SourceName.Should().Be(bad.File);
        }
    }

    [Fact]
    public async Task A_box_beside_an_image_is_that_images_error()
    {
        var file = Save("small.png", SkiaImageCodec.Instance.Encode(new RgbImage(5, 5), ImageFileFormat.Png));
        using var detector = new Beside();
        await foreach (var poses in _estimator.EstimateFilesAsync([file], detector))
        {
            poses.Error!.Message.Should().Match("*small.png*outside the 5×5 image*");
        }
    }

    [Fact]
    public async Task An_error_that_is_not_an_images_ends_the_files()
    {
        var file = Save("good.png", SkiaImageCodec.Instance.Encode(Spot(), ImageFileFormat.Png));
        using var list = new Broken();
        var listen = async () =>
        {
            await foreach (var _ in _estimator.EstimateFilesAsync([file], list))
            {
            }
        };
        await listen.Should().ThrowAsync<PoseDataException>().WithMessage("detector.onnx*");
    }

    private static IEnumerable<(int X, int Y)> Places(int width, int height) =>
        Enumerable.Range(0, height).SelectMany(y => Enumerable.Range(0, width).Select(x => (x, y)));

    private static byte Brightness(int x, int y) => (byte)(255 * Math.Exp(-((x - SpotX) * (x - SpotX) + (y - SpotY) * (y - SpotY)) / (2 * 36)));

    private static RgbImage Spot()
    {
        var image = new RgbImage(Height, Width);
        foreach (var (x, y) in Places(Width, Height))
        {
            image.Pixels.AsSpan((y * Width + x) * 3, 3).Fill(Brightness(x, y));
        }
        return image;
    }

    private string Save(string name, byte[] content)
    {
        var file = _folder.File(name);
        File.WriteAllBytes(file, content);
        return file;
    }

    private void ShouldFindTheSpot(string file)
    {
        var image = RgbImage.Load(file);
        image.Size.Should().Be(new ImageSize(Height, Width));
        // A cell of the heat map is 3.75 pixels here.
        _estimator.Estimate(image).Keypoints.Should().OnlyContain(k => Math.Abs(k.X - SpotX) < 3.75 && Math.Abs(k.Y - SpotY) < 3.75);
    }

    private sealed class Beside : IPersonDetector
    {
        public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default) =>
            [new PersonBox(new Box(10, 10, 5, 5), 1)];

        public void Dispose()
        {
        }
    }

    private sealed class Broken : IPersonDetector
    {
        public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default) =>
            throw new PoseDataException("detector.onnx", "it is broken.");

        public void Dispose()
        {
        }
    }
}
