using Mspn.Data;
using Mspn.Inference;
using SkiaSharp;
using static Mspn.Samples.ChartParts;

namespace Mspn.Samples;

/// <summary>Draws numbers as bars: a group for each label, in it a bar for each series.</summary>
public static class BarChart
{
    private const float Letter = 2;
    private const int Margin = 16;
    private const int Gap = 12;
    private const int Top = 84;
    private const int BarHeight = 18;
    private const int BarWidth = 420;
    private static readonly SKColor[] Colors = [new(20, 90, 180), new(215, 80, 20), new(150, 185, 230), new(240, 180, 140)];

    /// <summary>Draws the bars, from 0 to the largest number.</summary>
    /// <param name="title">What is written above; ASCII, as all text.</param>
    /// <param name="labels">The groups, from the top.</param>
    /// <param name="series">Names, and numbers from 0 for each label; what a shorter one lacks stays empty.</param>
    public static RgbImage Draw(string title, IReadOnlyList<string> labels, params IReadOnlyList<(string Name, IEnumerable<double> Values)> series)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(series.Count, Colors.Length, nameof(series));
        var values = series.Select(s => s.Values.Take(labels.Count).ToArray()).ToArray();
        var highest = values.SelectMany(v => v).DefaultIfEmpty(0).Max();
        var left = Margin + labels.Max(l => PixelText.Width(l, Letter)) + Gap;
        var groupHeight = series.Count * BarHeight + Gap;
        var width = (int)Math.Max(
            left + BarWidth + Gap + values.SelectMany(v => v).Max(v => PixelText.Width(Rounded(v), Letter)),
            Margin + Math.Max(PixelText.Width(title, Letter), series.Sum(s => LegendWidth(s.Name)))) + Margin;
        using var bitmap = new SKBitmap(new SKImageInfo(width, Top + labels.Count * groupHeight + Margin, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        PixelText.Draw(canvas, title, Margin, Margin, Letter, Ink);
        var legend = (float)Margin;
        for (var s = 0; s < series.Count; s++)
        {
            using var bar = new SKPaint { Color = Colors[s] };
            canvas.DrawRect(legend, 48, BarHeight, PixelText.Height(Letter), bar);
            PixelText.Draw(canvas, series[s].Name, legend + BarHeight + Gap / 2f, 48, Letter, Ink);
            legend += LegendWidth(series[s].Name);
            for (var i = 0; i < values[s].Length; i++)
            {
                var y = Top + i * groupHeight + s * BarHeight;
                var length = highest > 0 ? (float)(values[s][i] / highest) * BarWidth : 0;
                canvas.DrawRect(left, y, length, BarHeight - 2, bar);
                PixelText.Draw(canvas, Rounded(values[s][i]), left + length + Gap / 2f, y + 1, Letter, Ink);
            }
        }
        for (var i = 0; i < labels.Count; i++)
        {
            var middle = Top + i * groupHeight + (series.Count * BarHeight - PixelText.Height(Letter)) / 2;
            PixelText.Draw(canvas, labels[i], left - Gap, middle, Letter, Ink, align: 1);
        }
        Line(canvas, left, Top - Gap / 2f, left, Top + labels.Count * groupHeight - Gap / 2f, Ink);
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    private static float LegendWidth(string name) => BarHeight + PixelText.Width(name, Letter) + 3 * Gap;

    private static string Rounded(double value) => Number(Math.Round(value, value >= 100 ? 0 : value >= 10 ? 1 : 2));
}
