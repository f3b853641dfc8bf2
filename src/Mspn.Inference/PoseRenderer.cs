using Mspn.Core;
using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>How a <see cref="PoseRenderer"/> draws.</summary>
public sealed record PoseRendererOptions
{
    /// <summary>Images whose longer side is below this are enlarged by a whole factor first, so that lines and digits are legible. Default 400.</summary>
    public int MinimumSize { get; init; } = 400;

    /// <summary>Keypoints with a lower score are not drawn. Default 0: all. Scores run from about 0.5 (nothing) to 1.5 (certain).</summary>
    public double MinimumScore { get; init; }

    /// <summary>Whether each keypoint's score is written beside it. Default true.</summary>
    public bool Scores { get; init; } = true;

    /// <summary>Whether the person's box is drawn. Default true.</summary>
    public bool Boxes { get; init; } = true;
}

/// <summary>
/// Draws poses on images: the left side in orange, the right side in blue, the middle in green; scores beside the keypoints. Missing keypoints and
/// their bones are left out.
/// </summary>
public static class PoseRenderer
{
    private static readonly SKColor Left = new(255, 140, 0);
    private static readonly SKColor Right = new(40, 130, 255);
    private static readonly SKColor Middle = new(60, 200, 90);
    private static readonly SKColor Truth = new(255, 255, 255);

    /// <summary>Draws one pose.</summary>
    /// <returns>A new image; the given one is not changed.</returns>
    public static RgbImage Draw(RgbImage image, Pose pose, PoseRendererOptions? options = null) => Draw(image, [pose], options);

    /// <summary>Draws several poses.</summary>
    /// <returns>A new image, enlarged if the given one is small; the given one is not changed.</returns>
    public static RgbImage Draw(RgbImage image, IEnumerable<Pose> poses, PoseRendererOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(poses);
        options ??= new PoseRendererOptions();
        using var bitmap = Enlarge(image, options.MinimumSize, out var factor);
        using var canvas = new SKCanvas(bitmap);
        foreach (var pose in poses)
        {
            DrawPose(canvas, pose, factor, Unit(bitmap), options);
        }
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    /// <summary>Draws a prediction over the annotation it is measured against (thin and white).</summary>
    /// <returns>A new image, enlarged if the given one is small; the given one is not changed.</returns>
    public static RgbImage DrawComparison(RgbImage image, Pose pose, PoseSample truth, PoseRendererOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(pose);
        ArgumentNullException.ThrowIfNull(truth);
        options ??= new PoseRendererOptions { Scores = false };
        using var bitmap = Enlarge(image, options.MinimumSize, out var factor);
        using var canvas = new SKCanvas(bitmap);
        var unit = Unit(bitmap);
        DrawPose(canvas, pose, factor, unit, options);
        // White on a black rim, which is seen on any ground.
        foreach (var (color, width) in new[] { (SKColors.Black, 1.2f), (Truth, 0.6f) })
        {
            using var paint = new SKPaint { Color = color, IsAntialias = true, StrokeWidth = unit * width, StrokeCap = SKStrokeCap.Round };
            foreach (var (a, b) in pose.Schema.Skeleton)
            {
                if (truth.Keypoints[a].IsLabelled && truth.Keypoints[b].IsLabelled)
                {
                    canvas.DrawLine(
                        At(truth.Keypoints[a].X, truth.Keypoints[a].Y, factor), At(truth.Keypoints[b].X, truth.Keypoints[b].Y, factor), paint);
                }
            }
        }
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);
    }

    private static void DrawPose(SKCanvas canvas, Pose pose, float factor, float unit, PoseRendererOptions options)
    {
        using var line = new SKPaint { IsAntialias = true, StrokeWidth = unit * 1.6f, StrokeCap = SKStrokeCap.Round, Style = SKPaintStyle.Stroke };
        if (options.Boxes)
        {
            line.Color = Truth.WithAlpha(150);
            line.StrokeWidth = unit * 0.7f;
            var topLeft = At(pose.Box.X, pose.Box.Y, factor);
            canvas.DrawRect(topLeft.X, topLeft.Y, (float)pose.Box.Width * factor, (float)pose.Box.Height * factor, line);
            line.StrokeWidth = unit * 1.6f;
        }
        bool Shown(int k) => pose.Keypoints[k] is { IsFound: true } keypoint && keypoint.Score >= options.MinimumScore;
        foreach (var (a, b) in pose.Schema.Skeleton)
        {
            if (Shown(a) && Shown(b))
            {
                line.Color = Color(pose.Schema, a, b);
                canvas.DrawLine(Point(pose.Keypoints[a], factor), Point(pose.Keypoints[b], factor), line);
            }
        }
        using var dot = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Fill };
        for (var k = 0; k < pose.Keypoints.Count; k++)
        {
            if (!Shown(k))
            {
                continue;
            }
            var point = Point(pose.Keypoints[k], factor);
            dot.Color = SKColors.Black;
            canvas.DrawCircle(point, unit * 2f, dot);
            dot.Color = Color(pose.Schema, k, k);
            canvas.DrawCircle(point, unit * 1.5f, dot);
            if (options.Scores)
            {
                PixelDigits.Draw(canvas, pose.Keypoints[k].Score, point.X + unit * 2.5f, point.Y - unit * 2f, unit * 0.55f);
            }
        }
    }

    private static SKColor Color(KeypointSchema schema, int a, int b)
    {
        bool Is(string side) => schema.Keypoints[a].Contains(side, StringComparison.OrdinalIgnoreCase)
            || schema.Keypoints[b].Contains(side, StringComparison.OrdinalIgnoreCase);
        return (Is("left"), Is("right")) switch
        {
            (true, false) => Left,
            (false, true) => Right,
            _ => Middle,
        };
    }

    private static SKPoint Point(KeypointPrediction k, float factor) => At(k.X, k.Y, factor);

    // The middle of a pixel that was enlarged by a whole factor.
    private static SKPoint At(double x, double y, float factor) => new((float)(x + 0.5) * factor, (float)(y + 0.5) * factor);

    private static float Unit(SKBitmap bitmap) => Math.Max(1, Math.Max(bitmap.Width, bitmap.Height) / 300f);

    private static SKBitmap Enlarge(RgbImage image, int minimum, out float factor)
    {
        var bitmap = SkiaImageCodec.ToBitmap(image);
        var whole = Math.Max(1, (int)Math.Ceiling((double)minimum / Math.Max(image.Width, image.Height)));
        factor = whole;
        if (whole == 1)
        {
            return bitmap;
        }
        using (bitmap)
        {
            return bitmap.Resize(bitmap.Info.WithSize(image.Width * whole, image.Height * whole), new SKSamplingOptions(SKFilterMode.Linear));
        }
    }
}
