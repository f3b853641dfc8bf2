using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples.Tests;

public sealed class PosePicturesTests : IDisposable
{
    private static readonly RgbImage Image = new(30, 40);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_of_one_name_do_not_overwrite_each_other()
    {
        var pictures = new PosePictures(_folder.File("out"), null, 3, new PoseRendererOptions());
        pictures.Add(0, "a/photo.jpg", Image, []);
        pictures.Add(1, "b/photo.jpg", Image, []);
        pictures.Add(2, "c/Photo.png", Image, []);
        pictures.SaveSheet();
        Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName).Should().BeEquivalentTo("photo.png", "photo-2.png", "Photo-3.png");
    }

    [Fact]
    public void Pictures_can_be_JPEG_files()
    {
        new PosePictures(_folder.Path, null, 1, new PoseRendererOptions(), jpegQuality: 50).Add(0, "a.png", Image, []);
        File.ReadAllBytes(_folder.File("a.jpg"))[..2].Should().Equal(0xFF, 0xD8);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 4, 2)]
    [InlineData(60, 6, 4)]
    public void A_sheet_has_at_most_24_images(int images, int rows, int columns)
    {
        var pictures = new PosePictures(null, _folder.File("sheet.jpg"), images, new PoseRendererOptions { MinimumSize = 1 });
        for (var i = 0; i < images; i++)
        {
            pictures.Add(i, $"{i}.png", Image, []);
        }
        pictures.SaveSheet();

        var row = ImageSheet.Compose([Image, Image], 2, 360, 270, ["", ""]);
        RgbImage.Load(_folder.File("sheet.jpg")).Size.Should().Be(new ImageSize(rows * (row.Height + 4) + 4, columns * (row.Width + 4) + 4));
    }

    [Fact]
    public void Without_images_there_is_no_sheet()
    {
        new PosePictures(null, _folder.File("sheet.png"), 3, new PoseRendererOptions()).SaveSheet();
        File.Exists(_folder.File("sheet.png")).Should().BeFalse();
    }
}
