using SkiaSharp;

namespace Mspn.Inference;

/// <summary>
/// Writes text without a font, of which a bare Linux machine has none: letters of 5×7 pixels and a row for what hangs below the line, enlarged. Large
/// ones are drawn as strokes through the pixels' middles, which are round and smooth.
/// </summary>
public static class PixelText
{
    private const int Columns = 5;
    private const int Rows = 8;
    private const char First = ' ';
    private const char Last = '~';
    private const float SmallestStroke = 3;

    // ASCII in order: five columns for each character, a byte for each column, the top row in its lowest bit.
    private static readonly byte[] Glyphs = Convert.FromHexString(
        "000000000000005F00000007000700147F147F14242A7F2A12231308646236495522500005030000001C2241000041221C0014083E081408083E0808"
        + "00503000000808080808006060000020100804023E5149453E00427F400042615149462141454B311814127F1027454545393C4A4949300171090503"
        + "3649494936064949291E003636000000563600000814224100141414141400412214080201510906324979413E7E1111117E7F494949363E41414122"
        + "7F4141221C7F494949417F090909013E4149497A7F0808087F00417F41002040413F017F081422417F404040407F020C027F7F0408107F3E4141413E"
        + "7F090909063E4151215E7F09192946464949493101017F01013F4040403F1F2040201F3F4038403F631408146307087008076151494543007F414100"
        + "02040810200041417F0004020102044040404040000102040020545454787F484444383844444420384444487F3854545418087E09010218A4A4A47C"
        + "7F0804047800447D40004080847D007F1028440000417F40007C041804787C080404783844444438FC2424241818242424FC7C080404084854545420"
        + "043F4440203C4040207C1C2040201C3C4030403C44281028441CA0A0A07C4464544C44000836410000007F000000413608001008081008");

    /// <summary>Height of capitals and digits.</summary>
    /// <param name="pixel">Size of one pixel of the letters.</param>
    public static float Height(float pixel) => (Rows - 1) * pixel;

    /// <summary>Width of a text; 0 of an empty one.</summary>
    /// <param name="text">The text, one line.</param>
    /// <param name="pixel">Size of one pixel of the letters.</param>
    public static float Width(string text, float pixel)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Math.Max(0, text.Length * (Columns + 1) - 1) * pixel;
    }

    /// <summary>Writes a text; characters that are not ASCII become question marks.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">The text, one line.</param>
    /// <param name="x">The place that <paramref name="align"/> speaks of.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="pixel">Size of one pixel of the letters; a whole number keeps them sharp.</param>
    /// <param name="color">The colour.</param>
    /// <param name="align">0: the text begins at <paramref name="x"/>; 0.5: it is centred there; 1: it ends there.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float y, float pixel, SKColor color, float align = 0)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ArgumentNullException.ThrowIfNull(text);
        using var paint = new SKPaint { Color = color, IsAntialias = pixel >= SmallestStroke, StrokeWidth = pixel, StrokeCap = SKStrokeCap.Round };
        x = MathF.Round(x - align * Width(text, pixel));
        y = MathF.Round(y);
        foreach (var character in text)
        {
            var glyph = (character is >= First and <= Last ? character : '?') - First;
            DrawGlyph(canvas, Glyphs.AsSpan(glyph * Columns, Columns), x, y, pixel, paint);
            x += (Columns + 1) * pixel;
        }
    }

    private static void DrawGlyph(SKCanvas canvas, ReadOnlySpan<byte> glyph, float x, float y, float pixel, SKPaint paint)
    {
        for (var column = 0; column < Columns; column++)
        {
            for (var row = 0; row < Rows; row++)
            {
                if (!IsSet(glyph, column, row))
                {
                    continue;
                }
                if (pixel < SmallestStroke)
                {
                    canvas.DrawRect(x + column * pixel, y + row * pixel, pixel, pixel, paint);
                    continue;
                }
                // To itself a dot; to the neighbours behind it strokes, oblique ones only where no other way leads.
                var (right, below) = (IsSet(glyph, column + 1, row), IsSet(glyph, column, row + 1));
                Stroke(column, row, 0, 0);
                if (right)
                {
                    Stroke(column, row, 1, 0);
                }
                if (below)
                {
                    Stroke(column, row, 0, 1);
                }
                if (!right && !below && IsSet(glyph, column + 1, row + 1))
                {
                    Stroke(column, row, 1, 1);
                }
                if (!below && !IsSet(glyph, column - 1, row) && IsSet(glyph, column - 1, row + 1))
                {
                    Stroke(column, row, -1, 1);
                }
            }
        }

        void Stroke(int column, int row, int across, int down)
        {
            var from = new SKPoint(x + (column + 0.5f) * pixel, y + (row + 0.5f) * pixel);
            canvas.DrawLine(from, new SKPoint(from.X + across * pixel, from.Y + down * pixel), paint);
        }
    }

    private static bool IsSet(ReadOnlySpan<byte> glyph, int column, int row) =>
        column is >= 0 and < Columns && row < Rows && (glyph[column] >> row & 1) == 1;
}
