using Mspn.Data;
using Mspn.Inference;
using Mspn.Training;
using SkiaSharp;
using static Mspn.Samples.ChartParts;

namespace Mspn.Samples;

/// <summary>Draws a training curve: the loss over the steps, logarithmic; the learning rate, thin; scores as points, with their axis on the right.</summary>
public static class CurveChart
{
    private const int Width = 1200;
    private const int Height = 640;
    private const float Letter = 2;
    private static readonly SKRect Plot = new(100, 108, Width - 90, Height - 72);
    private static readonly SKColor Loss = new(170, 200, 235);
    private static readonly SKColor SmoothedLoss = new(20, 90, 180);
    private static readonly SKColor Rate = new(150, 150, 150);
    private static readonly SKColor[] Scores = [new(215, 80, 20), new(30, 140, 60), new(140, 60, 170), new(180, 130, 0)];

    /// <summary>Draws a curve with at least one step.</summary>
    public static RgbImage Draw(TrainingCurve curve, string title)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfZero(curve.Steps.Count, nameof(curve));
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        PixelText.Draw(canvas, title, Width / 2f, 16, Letter + 1, Ink, align: 0.5f);

        var steps = curve.Steps.Where(s => s.Loss > 0 && s.SmoothedLoss > 0).ToArray(); // others have no logarithm
        var losses = steps.SelectMany(s => new[] { s.Loss, s.SmoothedLoss }).DefaultIfEmpty(1);
        var (low, high) = (Math.Log10(losses.Min()) - 0.02, Math.Log10(losses.Max()) + 0.02);
        var lastStep = Math.Max(1, curve.Steps[^1].Step);
        var highestRate = Math.Max(double.Epsilon, curve.Steps.Max(s => s.LearningRate));
        var highestScore = Ceiling(curve.Scores.Select(s => s.Value).Where(double.IsFinite).DefaultIfEmpty(1).Max());
        float X(double step) => Plot.Left + (float)(step / lastStep) * Plot.Width;
        float Y(double share) => Plot.Bottom - (float)Math.Clamp(share, 0, 1) * Plot.Height;

        foreach (var step in Ticks(0, lastStep, 8))
        {
            Line(canvas, X(step), Plot.Top, X(step), Plot.Bottom, Grid);
            PixelText.Draw(canvas, Thousands(step), X(step), Plot.Bottom + 10, Letter, Ink, align: 0.5f);
        }
        foreach (var loss in LogarithmicTicks(low, high))
        {
            var y = Y((Math.Log10(loss) - low) / (high - low));
            Line(canvas, Plot.Left, y, Plot.Right, y, Grid);
            PixelText.Draw(canvas, Number(loss), Plot.Left - 10, y - PixelText.Height(Letter) / 2, Letter, Ink, align: 1);
        }
        Curve(canvas, steps.Select(s => new SKPoint(X(s.Step), Y((Math.Log10(s.Loss) - low) / (high - low)))), Loss, 1);
        Curve(canvas, curve.Steps.Select(s => new SKPoint(X(s.Step), Y(s.LearningRate / highestRate))), Rate, 1);
        Curve(canvas, steps.Select(s => new SKPoint(X(s.Step), Y((Math.Log10(s.SmoothedLoss) - low) / (high - low)))), SmoothedLoss, 3);
        PixelText.Draw(canvas, "step", (Plot.Left + Plot.Right) / 2, Plot.Bottom + 40, Letter, Ink, align: 0.5f);

        var legend = Legend(canvas, new SKPoint(Plot.Left, 54), "loss", SmoothedLoss);
        legend = Legend(canvas, legend, $"learning rate, up to {Number(highestRate)}", Rate);
        foreach (var (i, scores) in curve.Scores.GroupBy(s => s.Name).Index())
        {
            using var dot = new SKPaint { Color = Scores[i % Scores.Length], IsAntialias = true };
            Curve(canvas, scores.Select(s => new SKPoint(X(s.Step), Y(s.Value / highestScore))), dot.Color, 1);
            foreach (var score in scores)
            {
                canvas.DrawCircle(X(score.Step), Y(score.Value / highestScore), 5, dot);
            }
            legend = Legend(canvas, legend, $"{scores.Key}, last {Number(scores.Last().Value)}", dot.Color);
        }
        foreach (var score in curve.Scores.Count > 0 ? Ticks(0, highestScore, 5) : [])
        {
            Line(canvas, Plot.Right, Y(score / highestScore), Plot.Right + 6, Y(score / highestScore), Ink);
            PixelText.Draw(canvas, Number(score), Plot.Right + 12, Y(score / highestScore) - PixelText.Height(Letter) / 2, Letter, Ink);
        }
        using var frame = new SKPaint { Color = Ink, IsStroke = true };
        canvas.DrawRect(Plot, frame);
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    // Gives the place of the next entry.
    private static SKPoint Legend(SKCanvas canvas, SKPoint at, string text, SKColor color)
    {
        const int swatch = 22;
        const int gap = 8;
        var width = swatch + gap + PixelText.Width(text, Letter);
        if (at.X + width > Width - gap)
        {
            at = new SKPoint(Plot.Left, at.Y + 26);
        }
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(at.X, at.Y, swatch, PixelText.Height(Letter), paint);
        PixelText.Draw(canvas, text, at.X + swatch + gap, at.Y, Letter, Ink);
        return new SKPoint(at.X + width + 4 * gap, at.Y);
    }

    private static void Curve(SKCanvas canvas, IEnumerable<SKPoint> points, SKColor color, float thickness)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = thickness, StrokeJoin = SKStrokeJoin.Round };
        using var path = new SKPath();
        path.AddPoly([.. points], close: false);
        canvas.DrawPath(path, paint);
    }

    // Powers of ten, or what lies between them; in a narrow range, even distances.
    private static IEnumerable<double> LogarithmicTicks(double low, double high)
    {
        bool Inside(double value) => Math.Log10(value) >= low && Math.Log10(value) <= high;
        foreach (double[] digits in new double[][] { [1], [1, 3], [1, 2, 5] })
        {
            var ticks = Enumerable.Range((int)Math.Floor(low), (int)(Math.Ceiling(high) - Math.Floor(low)) + 1)
                .SelectMany(power => digits.Select(d => d * Math.Pow(10, power))).Where(Inside).ToArray();
            if (ticks.Length >= 3)
            {
                return ticks;
            }
        }
        var (first, last) = (Math.Pow(10, low), Math.Pow(10, high));
        var distance = Ceiling((last - first) / 8);
        return Enumerable.Range(1, 10).Select(i => (Math.Floor(first / distance) + i) * distance).Where(Inside);
    }

    private static string Thousands(double step) => step >= 10_000 ? Number(step / 1000) + "k" : Number(step);
}
