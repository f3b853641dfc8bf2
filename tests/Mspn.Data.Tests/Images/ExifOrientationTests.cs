using Mspn.Core;

namespace Mspn.Data.Tests.Images;

public class ExifOrientationTests
{
    // What the EXIF standard says of the first stored row and the first stored column.
    [Theory]
    [InlineData(1, "top", "left")]
    [InlineData(2, "top", "right")]
    [InlineData(3, "bottom", "right")]
    [InlineData(4, "bottom", "left")]
    [InlineData(5, "left", "top")]
    [InlineData(6, "right", "top")]
    [InlineData(7, "right", "bottom")]
    [InlineData(8, "left", "bottom")]
    public void A_photo_is_turned_upright(int orientation, string firstRow, string firstColumn)
    {
        var upright = TestImages.Blocks();
        var stored = Store(upright, firstRow, firstColumn);
        var jpeg = ExifJpeg.WithOrientation(SkiaImageCodec.Instance.Encode(stored, ImageFileFormat.Jpeg), orientation);

        var image = SkiaImageCodec.Instance.Decode(jpeg, "photo.jpg");

        TestImages.LargestDifferenceInsideBlocks(image, upright).Should().BeLessThan(6);
    }

    [Fact]
    public void A_photo_without_a_known_orientation_stays_as_it_is()
    {
        var stored = TestImages.Blocks();
        var jpeg = ExifJpeg.WithOrientation(SkiaImageCodec.Instance.Encode(stored, ImageFileFormat.Jpeg), 9);

        TestImages.LargestDifferenceInsideBlocks(SkiaImageCodec.Instance.Decode(jpeg, "photo.jpg"), stored).Should().BeLessThan(6);
    }

    private static RgbImage Store(RgbImage upright, string firstRow, string firstColumn)
    {
        var turned = firstRow is "left" or "right";
        var stored = turned ? new RgbImage(upright.Width, upright.Height) : new RgbImage(upright.Height, upright.Width);
        for (var r = 0; r < stored.Height; r++)
        {
            for (var c = 0; c < stored.Width; c++)
            {
                var (alongRow, alongColumn) = (turned ? r : c, turned ? c : r);
                var x = (turned ? firstRow : firstColumn) == "left" ? alongRow : upright.Width - 1 - alongRow;
                var y = (turned ? firstColumn : firstRow) == "top" ? alongColumn : upright.Height - 1 - alongColumn;
                upright.Pixels.AsSpan((y * upright.Width + x) * 3, 3).CopyTo(stored.Pixels.AsSpan((r * stored.Width + c) * 3));
            }
        }
        return stored;
    }
}
