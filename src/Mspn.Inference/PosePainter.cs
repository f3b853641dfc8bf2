using System.Globalization;
using Mspn.Core;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>Draws the parts of poses on a canvas. Lines and letters grow with the picture and with the person.</summary>
/// <param name="canvas">Where to.</param>
/// <param name="size">The canvas's size.</param>
/// <param name="factor">Canvas pixels for each pixel of the image that the poses are of.</param>
/// <param name="options">What to draw.</param>
internal sealed class PosePainter(SKCanvas canvas, SKSizeI size, float factor, PoseRendererOptions options)
{
    private const byte Opaque = 255;
    private const byte Faint = 80;

    private readonly List<SKRect> _labels = [];

    /// <summary>A 300th of the picture's longer side: what a person that fills it is drawn with.</summary>
    public float Unit { get; } = Math.Max(1, Math.Max(size.Width, size.Height) / 300f);

    /// <summary>A pixel's middle, where coordinates are whole.</summary>
    public SKPoint At(double x, double y) => new((float)(x + 0.5) * factor, (float)(y + 0.5) * factor);

    /// <summary>Draws a person's box in the person's colour.</summary>
    public void DrawBox(Pose pose, int person)
    {
        using var line = Line(UnitOf(pose) * 0.7f);
        line.Color = PosePalette.Of(person).WithAlpha(200);
        canvas.DrawRect(Rectangle(pose.Box), line);
    }

    /// <summary>Draws bones and keypoints, on a dark rim which is seen on any ground.</summary>
    public void DrawSkeleton(Pose pose, int person)
    {
        var unit = UnitOf(pose);
        using var line = Line(0);
        foreach (var (dark, width) in new[] { (true, 2.4f), (false, 1.6f) })
        {
            line.StrokeWidth = unit * width;
            foreach (var (a, b) in pose.Schema.Skeleton)
            {
                if (IsShown(pose.Keypoints[a]) && IsShown(pose.Keypoints[b]))
                {
                    var alpha = Math.Min(Alpha(pose.Keypoints[a]), Alpha(pose.Keypoints[b]));
                    line.Color = dark ? SKColors.Black.WithAlpha((byte)(alpha / 2)) : PosePalette.Of(pose.Schema, a, b, person, options.Colors).WithAlpha(alpha);
                    canvas.DrawLine(At(pose.Keypoints[a]), At(pose.Keypoints[b]), line);
                }
            }
        }
        using var dot = new SKPaint { IsAntialias = true };
        for (var k = 0; k < pose.Keypoints.Count; k++)
        {
            if (IsShown(pose.Keypoints[k]))
            {
                var alpha = Alpha(pose.Keypoints[k]);
                dot.Color = SKColors.Black.WithAlpha(alpha);
                canvas.DrawCircle(At(pose.Keypoints[k]), unit * 2f, dot);
                dot.Color = PosePalette.Of(pose.Schema, k, k, person, options.Colors).WithAlpha(alpha);
                canvas.DrawCircle(At(pose.Keypoints[k]), unit * 1.5f, dot);
            }
        }
    }

    /// <summary>Writes each keypoint's score beside it.</summary>
    public void DrawScores(Pose pose)
    {
        var unit = UnitOf(pose);
        foreach (var keypoint in pose.Keypoints.Where(IsShown))
        {
            var at = At(keypoint);
            Write(keypoint.Score, new SKPoint(at.X + unit * 2.5f, at.Y + unit * 2.5f), Letter(unit * 0.5f), new SKColor(0, 0, 0, 150));
        }
    }

    /// <summary>Writes a person's score above the upper left corner of its box.</summary>
    public void DrawLabel(Pose pose, int person)
    {
        if (pose.Keypoints.Any(IsShown))
        {
            var box = Rectangle(pose.Box);
            Write(pose.Score, new SKPoint(box.Left, box.Top), Letter(UnitOf(pose) * 0.9f), PosePalette.Of(person));
        }
    }

    // Whole pixels keep letters sharp. Rounded up from 1.2 on, since letters of single pixels are hard to read.
    private static float Letter(float pixel) => Math.Max(1, MathF.Round(pixel + 0.3f));

    private static SKPaint Line(float width) => new()
    {
        IsAntialias = true, StrokeWidth = width, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round, Style = SKPaintStyle.Stroke,
    };

    // Writes a number that ends above a place, or below what has been written there already, in the picture. What is not finite is a dash.
    private void Write(double score, SKPoint lowerLeft, float pixel, SKColor ground)
    {
        var text = double.IsFinite(score) ? score.ToString("0.00", CultureInfo.InvariantCulture) : "-";
        var (width, height) = (PixelText.Width(text, pixel) + 2 * pixel, PixelText.Height(pixel) + 2 * pixel);
        var label = SKRect.Create(
            Math.Clamp(lowerLeft.X, 0, Math.Max(0, size.Width - width)), Math.Clamp(lowerLeft.Y - height, 0, Math.Max(0, size.Height - height)), width, height);
        while (_labels.FirstOrDefault(label.IntersectsWith) is { IsEmpty: false } other && other.Bottom + height < size.Height)
        {
            label.Location = new SKPoint(label.Left, other.Bottom + 1);
        }
        _labels.Add(label);
        using var paint = new SKPaint { Color = ground };
        canvas.DrawRect(label, paint);
        PixelText.Draw(canvas, text, label.Left + pixel, label.Top + pixel, pixel, PosePalette.InkOn(ground));
    }

    // Small people get thin lines, but none that could not be seen.
    private float UnitOf(Pose pose)
    {
        var extent = (float)Math.Max(pose.Box.Width, pose.Box.Height) * factor;
        return extent > 0 ? Math.Clamp(extent / 130, Math.Max(0.7f, Unit * 0.3f), Unit) : Unit;
    }

    private bool IsShown(KeypointPrediction keypoint) => keypoint.IsFound && keypoint.Score >= options.MinimumScore;

    private byte Alpha(KeypointPrediction keypoint) => keypoint.Score >= options.FaintScore ? Opaque : Faint;

    private SKPoint At(KeypointPrediction keypoint) => At(keypoint.X, keypoint.Y);

    private SKRect Rectangle(Box box) => SKRect.Create((float)box.X * factor, (float)box.Y * factor, (float)box.Width * factor, (float)box.Height * factor);
}
