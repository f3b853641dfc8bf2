using System.Globalization;
using SkiaSharp;

namespace Mspn.Samples;

/// <summary>What charts have in common: colours, lines, round numbers.</summary>
internal static class ChartParts
{
    public static readonly SKColor Ink = new(50, 50, 50);
    public static readonly SKColor Grid = new(228, 228, 228);

    public static void Line(SKCanvas canvas, float x, float y, float toX, float toY, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawLine(x, y, toX, toY, paint);
    }

    /// <summary>The multiples of 1, 2 or 5 times a power of ten between two numbers.</summary>
    /// <param name="first">The smaller number.</param>
    /// <param name="last">The larger number.</param>
    /// <param name="most">At most so many distances fit between them.</param>
    public static IEnumerable<double> Ticks(double first, double last, int most)
    {
        var distance = Ceiling((last - first) / most);
        var (from, to) = (Math.Ceiling(first / distance - 1e-9), Math.Floor(last / distance + 1e-9));
        return Enumerable.Range(0, (int)(to - from) + 1).Select(i => (from + i) * distance);
    }

    /// <summary>The next 1, 2 or 5 times a power of ten; 1 for what is not positive.</summary>
    public static double Ceiling(double value)
    {
        if (!(value > 0))
        {
            return 1;
        }
        var power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        return power * new[] { 1.0, 2, 5, 10 }.First(digit => digit * power >= value * (1 - 1e-9));
    }

    public static string Number(double value) => value.ToString(Math.Abs(value) is >= 1e-3 or 0 ? "0.####" : "0.##e+0", CultureInfo.InvariantCulture);
}
