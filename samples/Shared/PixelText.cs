using SkiaSharp;

namespace Mspn.Samples;

/// <summary>Writes text without a font, of which a bare Linux machine has none: letters of 5×7 pixels and a row for what hangs below the line, enlarged.</summary>
internal static class PixelText
{
    private const int Columns = 5;
    private const int Rows = 8;
    private const char First = ' ';
    private const char Last = '~';

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
    public static float Height(float pixel) => (Rows - 1) * pixel;

    /// <summary>Width of a text.</summary>
    public static float Width(string text, float pixel) => (text.Length * (Columns + 1) - 1) * pixel;

    /// <summary>Writes a text; characters that are not ASCII become question marks.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">The text, one line.</param>
    /// <param name="x">The place that <paramref name="align"/> speaks of.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="pixel">Size of one pixel of the letters; a whole number keeps them sharp.</param>
    /// <param name="paint">The colour.</param>
    /// <param name="align">0: the text begins at <paramref name="x"/>; 0.5: it is centred there; 1: it ends there.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float y, float pixel, SKPaint paint, float align = 0)
    {
        x = MathF.Round(x - align * Width(text, pixel));
        y = MathF.Round(y);
        foreach (var character in text)
        {
            var glyph = (character is >= First and <= Last ? character : '?') - First;
            for (var column = 0; column < Columns; column++)
            {
                for (var row = 0; row < Rows; row++)
                {
                    if ((Glyphs[glyph * Columns + column] >> row & 1) == 1)
                    {
                        canvas.DrawRect(x + column * pixel, y + row * pixel, pixel, pixel, paint);
                    }
                }
            }
            x += (Columns + 1) * pixel;
        }
    }
}
