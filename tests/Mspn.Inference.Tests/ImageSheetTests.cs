using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public class ImageSheetTests
{
    [Theory]
    [InlineData(1, 3, 1, 1)]
    [InlineData(3, 3, 3, 1)]
    [InlineData(5, 2, 2, 3)]
    public void The_sheet_has_as_many_cells_as_needed(int count, int columns, int expectedColumns, int expectedRows)
    {
        var sheet = ImageSheet.Compose([.. Enumerable.Repeat(Filled(10, 10, 200), count)], columns, cellWidth: 40, cellHeight: 30);
        sheet.Size.Should().Be(new ImageSize(4 + expectedRows * 34, 4 + expectedColumns * 44));
    }

    [Fact]
    public void Pictures_fill_their_cells_row_by_row()
    {
        var sheet = ImageSheet.Compose([Filled(10, 10, 50), Filled(20, 20, 100), Filled(80, 80, 150)], 2, 40, 40);
        Red(sheet, 24, 24).Should().Be(50);
        Red(sheet, 68, 24).Should().Be(100);
        Red(sheet, 24, 68).Should().Be(150);
        Red(sheet, 68, 68).Should().Be(32);
        Red(sheet, 1, 1).Should().Be(32);
    }

    [Fact]
    public void Pictures_keep_their_shape()
    {
        var sheet = ImageSheet.Compose([Filled(10, 40, 200)], 1, 40, 40);
        Red(sheet, 24, 24).Should().Be(200);
        Red(sheet, 24, 8).Should().Be(32);
        Red(sheet, 24, 40).Should().Be(32);
    }

    [Fact]
    public void Titles_stand_above_the_pictures_and_are_cut_to_their_width()
    {
        RgbImage[] images = [Filled(10, 10, 50), Filled(10, 10, 100)];
        var sheet = ImageSheet.Compose(images, 2, 60, 40, ["first", "a title of far more letters than fit"]);
        sheet.Size.Should().Be(new ImageSize(4 + ImageSheet.TitleHeight + 44, 4 + 2 * 64));
        Red(sheet, 34, 4 + ImageSheet.TitleHeight + 20).Should().Be(50);
        bool Written(int left, int right) => Enumerable.Range(left, right - left).Any(x => Enumerable.Range(0, ImageSheet.TitleHeight).Any(y => Red(sheet, x, y) == 255));
        Written(4, 64).Should().BeTrue();
        Written(68, 128).Should().BeTrue();
        Written(64, 68).Should().BeFalse("that is between the columns");
        FluentActions.Invoking(() => ImageSheet.Compose(images, 2, titles: ["one"])).Should().Throw<ArgumentException>().WithMessage("*2 pictures*1*");
    }

    [Fact]
    public void A_sheet_needs_pictures_and_columns()
    {
        var none = () => ImageSheet.Compose([], 2);
        var noColumns = () => ImageSheet.Compose([Filled(4, 4, 1)], 0);
        none.Should().Throw<ArgumentOutOfRangeException>();
        noColumns.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static RgbImage Filled(int height, int width, byte value)
    {
        var image = new RgbImage(height, width);
        image.Pixels.AsSpan().Fill(value);
        return image;
    }

    private static byte Red(RgbImage image, int x, int y) => image.Pixels[(y * image.Width + x) * 3];
}
