using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference.Tests;

public class PixelTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_letter_is_where_its_pixels_are(float pixel)
    {
        // An L: the left column and the bottom row.
        var image = Write("L", pixel);
        bool IsSet(int column, int row) => Red(image, (int)((column + 0.5f) * pixel), (int)((row + 0.5f) * pixel)) > 200;
        for (var row = 0; row < 7; row++)
        {
            for (var column = 0; column < 5; column++)
            {
                IsSet(column, row).Should().Be(column == 0 || row == 6, $"column {column}, row {row}");
            }
        }
        PixelText.Height(pixel).Should().Be(7 * pixel);
        PixelText.Width("LL", pixel).Should().Be(11 * pixel);
        PixelText.Width(string.Empty, pixel).Should().Be(0);
    }

    [Fact]
    public void Large_letters_are_smooth_and_oblique_strokes_hold_together()
    {
        // A slash goes from pixel to pixel over corners.
        var image = Write("/", 8);
        image.Pixels.Should().Contain(p => p > 20 && p < 235);
        Red(image, 24, 24).Should().BeGreaterThan(200);
    }

    [Fact]
    public void What_is_not_ASCII_becomes_a_question_mark() => Write("é", 2).Pixels.Should().Equal(Write("?", 2).Pixels);

    private static RgbImage Write(string text, float pixel)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(80, 80, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Black);
        PixelText.Draw(canvas, text, 0, 0, pixel, SKColors.White);
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    private static byte Red(RgbImage image, int x, int y) => image.Pixels[(y * image.Width + x) * 3];
}
