using System.Globalization;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Training;
using SkiaSharp;
using static Mspn.Samples.ChartParts;

namespace Mspn.Samples;

/// <summary>Draws an ablation's table: a line for each variant, its scores as dots on a common axis, and its cost beside them.</summary>
public static class AblationChart
{
    private const float Letter = 2;
    private const int Margin = 24;
    private const int Gap = 28;
    private const int Top = 118;
    private const int Bottom = 44;
    private const int RowHeight = 52;
    private const int ScoreWidth = 520;
    private const int NumberWidth = 96;
    private const int CostWidth = 170;
    private const float Dot = 5;
    private static readonly SKColor Shade = new(246, 246, 246);
    private static readonly SKColor Faint = new(120, 120, 120);
    private static readonly SKColor Seed = new(215, 80, 20, 190);
    private static readonly SKColor Mean = new(20, 90, 180);
    private static readonly SKColor Deviation = new(170, 200, 235);
    private static readonly SKColor Cost = new(150, 150, 150);

    /// <summary>Draws a table with at least one line.</summary>
    /// <param name="table">The table.</param>
    /// <param name="title">What is written above it; ASCII.</param>
    /// <param name="label">A variant's name for readers, ASCII; after a line break, what is written smaller below it.</param>
    public static RgbImage Draw(AblationTable table, string title, Func<string, string> label)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(label);
        ArgumentOutOfRangeException.ThrowIfZero(table.Rows.Count, nameof(table));
        var labels = table.Rows.Select(r => label(r.Variant).Split('\n')).ToArray();
        var nameWidth = (int)labels.SelectMany(l => l).Max(text => PixelText.Width(text, Letter));
        var scores = new SKRect(Margin + nameWidth + Gap, Top, Margin + nameWidth + Gap + ScoreWidth, Top + table.Rows.Count * RowHeight);
        var (mean, deviation) = (scores.Right + Gap + NumberWidth, scores.Right + Gap + 2 * NumberWidth);
        var cost = deviation + Gap;
        var width = (int)(cost + CostWidth + table.Rows.Max(r => PixelText.Width(Millions(r.MultiplyAdds), Letter)) + Gap / 2f + Margin);
        var (low, high) = Range(table);
        var highestCost = Math.Max(1, table.Rows.Max(r => r.MultiplyAdds));
        float X(double score) => scores.Left + (float)((score - low) / (high - low)) * scores.Width;

        using var bitmap = new SKBitmap(new SKImageInfo(width, (int)scores.Bottom + Bottom, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        Text(canvas, title, width / 2f, 16, Ink, 0.5f, Math.Min(Letter + 1, Letter * (width - 2 * Margin) / PixelText.Width(title, Letter)));
        Text(canvas, "dot: a seed    line: mean    band: one standard deviation either way", width / 2f, 52, Faint, 0.5f);
        Text(canvas, table.Score, (scores.Left + scores.Right) / 2, Top - 28, Ink, 0.5f);
        Text(canvas, "mean", mean, Top - 28, Ink, 1);
        Text(canvas, "std", deviation, Top - 28, Ink, 1);
        Text(canvas, "multiply-adds", cost, Top - 28, Ink);
        for (var i = 0; i < table.Rows.Count; i += 2)
        {
            using var shade = new SKPaint { Color = Shade };
            canvas.DrawRect(Margin / 2f, Top + i * RowHeight, width - Margin, RowHeight, shade);
        }
        foreach (var score in Ticks(low, high, 6))
        {
            Line(canvas, X(score), scores.Top, X(score), scores.Bottom, Grid);
            Text(canvas, Number(score), X(score), scores.Bottom + 12, Ink, 0.5f);
        }
        foreach (var (i, row) in table.Rows.Index())
        {
            var middle = Top + (i + 0.5f) * RowHeight;
            Label(canvas, labels[i], middle);
            Scores(canvas, row, X, middle);
            Text(canvas, double.IsNaN(row.Mean) ? "nan" : row.Mean.ToString("0.0000", CultureInfo.InvariantCulture), mean, Centred(middle), Ink, 1);
            Text(canvas, double.IsNaN(row.Deviation) ? "-" : row.Deviation.ToString("0.0000", CultureInfo.InvariantCulture), deviation, Centred(middle), Ink, 1);
            var length = (float)row.MultiplyAdds / highestCost * CostWidth;
            using var bar = new SKPaint { Color = Cost };
            canvas.DrawRect(cost, middle - 8, length, 16, bar);
            Text(canvas, Millions(row.MultiplyAdds), cost + length + Gap / 2f, Centred(middle), Ink);
        }
        using var frame = new SKPaint { Color = Ink, IsStroke = true };
        canvas.DrawRect(scores, frame);
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    // All that is drawn, with some room on either side.
    private static (double Low, double High) Range(AblationTable table)
    {
        var values = table.Rows.SelectMany(r => r.Runs.Select(run => run.Score).Concat([r.Mean - r.Deviation, r.Mean + r.Deviation]))
            .Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (values.Min(), values.Max());
        var room = Math.Max(0.1 * (high - low), 0.01 * Math.Max(1e-3, Math.Abs(high)));
        return (low - room, high + room);
    }

    private static void Label(SKCanvas canvas, string[] label, float middle)
    {
        var lineHeight = label.Length == 1 ? 0 : 22;
        Text(canvas, label[0], Margin, Centred(middle - lineHeight / 2f), Ink);
        if (label.Length > 1)
        {
            Text(canvas, label[1], Margin, Centred(middle + lineHeight / 2f), Faint);
        }
    }

    private static void Scores(SKCanvas canvas, AblationRow row, Func<double, float> x, float middle)
    {
        if (double.IsFinite(row.Deviation))
        {
            using var band = new SKPaint { Color = Deviation };
            canvas.DrawRect(new SKRect(x(row.Mean - row.Deviation), middle - 12, x(row.Mean + row.Deviation), middle + 12), band);
        }
        if (double.IsFinite(row.Mean))
        {
            using var line = new SKPaint { Color = Mean, StrokeWidth = 3 };
            canvas.DrawLine(x(row.Mean), middle - 16, x(row.Mean), middle + 16, line);
        }
        using var dot = new SKPaint { Color = Seed, IsAntialias = true };
        foreach (var (i, run) in row.Runs.Index().Where(r => double.IsFinite(r.Item.Score)))
        {
            // One above the other, since seeds may score alike.
            var distance = Math.Min(8, 24f / row.Runs.Count);
            canvas.DrawCircle(x(run.Score), middle + (i - (row.Runs.Count - 1) / 2f) * distance, Dot, dot);
        }
    }

    private static float Centred(float middle) => middle - PixelText.Height(Letter) / 2;

    private static string Millions(long multiplyAdds) => (multiplyAdds / 1e6).ToString("0 M", CultureInfo.InvariantCulture);

    private static void Text(SKCanvas canvas, string text, float x, float y, SKColor color, float align = 0, float letter = Letter) =>
        PixelText.Draw(canvas, text, x, y, letter, color, align);
}
