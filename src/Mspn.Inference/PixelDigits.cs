using System.Globalization;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>Writes small numbers without a font: on a bare Linux machine there is none.</summary>
internal static class PixelDigits
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;

    // Five rows of three pixels each, the top row in the highest bits.
    private static readonly Dictionary<char, int> Glyphs = new()
    {
        ['0'] = 0b111_101_101_101_111,
        ['1'] = 0b010_110_010_010_111,
        ['2'] = 0b111_001_111_100_111,
        ['3'] = 0b111_001_111_001_111,
        ['4'] = 0b101_101_111_001_001,
        ['5'] = 0b111_100_111_001_111,
        ['6'] = 0b111_100_111_101_111,
        ['7'] = 0b111_001_010_010_010,
        ['8'] = 0b111_101_111_101_111,
        ['9'] = 0b111_101_111_001_111,
        ['.'] = 0b000_000_000_000_010,
        ['-'] = 0b000_000_111_000_000,
    };

    /// <summary>Writes a number with one decimal, white on a dark ground.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="value">The number; one that is not finite is written as a dash.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="pixel">Size of one pixel of the digits.</param>
    public static void Draw(SKCanvas canvas, double value, float x, float y, float pixel)
    {
        var text = double.IsFinite(value) ? value.ToString("0.0", CultureInfo.InvariantCulture) : "-";
        using var paint = new SKPaint { Color = new SKColor(0, 0, 0, 150) };
        canvas.DrawRect(x - pixel, y - pixel, (text.Length * (GlyphWidth + 1) + 1) * pixel, (GlyphHeight + 2) * pixel, paint);
        paint.Color = SKColors.White;
        foreach (var character in text)
        {
            var glyph = Glyphs[character];
            for (var bit = 0; bit < GlyphWidth * GlyphHeight; bit++)
            {
                if ((glyph >> (GlyphWidth * GlyphHeight - 1 - bit) & 1) == 1)
                {
                    canvas.DrawRect(x + bit % GlyphWidth * pixel, y + bit / GlyphWidth * pixel, pixel, pixel, paint);
                }
            }
            x += (GlyphWidth + 1) * pixel;
        }
    }
}
