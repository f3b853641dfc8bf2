using Mspn.Core;
using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>
/// Draws poses on images: bones and keypoints in the colours of sides or of people (<see cref="PoseColors"/>), boxes, and scores. Missing keypoints and their bones are
/// left out.
/// </summary>
public static class PoseRenderer
{
    /// <summary>Draws one pose.</summary>
    /// <returns>A new image, enlarged if the given one is small or resized if asked; the given one is not changed.</returns>
    public static RgbImage Draw(RgbImage image, Pose pose, PoseRendererOptions? options = null) => Draw(image, [pose], options);

    /// <summary>Draws several poses; the first are seen in front of the others.</summary>
    /// <returns>A new image, enlarged if the given one is small or resized if asked; the given one is not changed.</returns>
    public static RgbImage Draw(RgbImage image, IEnumerable<Pose> poses, PoseRendererOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(poses);
        return Paint(image, options ?? new PoseRendererOptions(), [.. poses], annotated: null);
    }

    /// <summary>Draws a prediction over the annotation it is measured against (thin and white).</summary>
    /// <param name="image">The image.</param>
    /// <param name="pose">The prediction.</param>
    /// <param name="truth">The annotation.</param>
    /// <param name="options">How; default without labels.</param>
    /// <returns>A new image, enlarged if the given one is small or resized if asked; the given one is not changed.</returns>
    /// <exception cref="ArgumentException">Prediction and annotation have different numbers of keypoints.</exception>
    public static RgbImage DrawComparison(RgbImage image, Pose pose, PoseSample truth, PoseRendererOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(pose);
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Keypoints.Count != pose.Schema.Count)
        {
            throw new ArgumentException($"The annotation has {truth.Keypoints.Count} keypoints, the prediction is of {pose.Schema}.", nameof(truth));
        }
        return Paint(image, options ?? new PoseRendererOptions { Labels = false }, [pose], truth);
    }

    private static RgbImage Paint(RgbImage image, PoseRendererOptions options, Pose[] poses, PoseSample? annotated)
    {
        using var bitmap = Resized(image, options, out var factor);
        using var canvas = new SKCanvas(bitmap);
        var painter = new PosePainter(canvas, bitmap.Info.Size, factor, options);
        ForEach(options.Boxes, painter.DrawBox);
        ForEach(true, painter.DrawSkeleton);
        ForEach(options.Scores, (pose, _) => painter.DrawScores(pose));
        ForEach(options.Labels, painter.DrawLabel);
        if (annotated is not null)
        {
            DrawTruth(canvas, painter, poses[0].Schema, annotated);
        }
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(bitmap);

        void ForEach(bool wanted, Action<Pose, int> draw)
        {
            for (var person = poses.Length - 1; wanted && person >= 0; person--)
            {
                draw(poses[person], person);
            }
        }
    }

    private static void DrawTruth(SKCanvas canvas, PosePainter painter, KeypointSchema schema, PoseSample truth)
    {
        // White on a black rim, which is seen on any ground.
        foreach (var (color, width) in new[] { (SKColors.Black, 1.2f), (SKColors.White, 0.6f) })
        {
            using var paint = new SKPaint { Color = color, IsAntialias = true, StrokeWidth = painter.Unit * width, StrokeCap = SKStrokeCap.Round };
            foreach (var (a, b) in schema.Skeleton)
            {
                var (from, to) = (truth.Keypoints[a], truth.Keypoints[b]);
                if (from.IsLabelled && to.IsLabelled)
                {
                    canvas.DrawLine(painter.At(from.X, from.Y), painter.At(to.X, to.Y), paint);
                }
            }
        }
    }

    private static SKBitmap Resized(RgbImage image, PoseRendererOptions options, out float factor)
    {
        var bitmap = SkiaImageCodec.ToBitmap(image);
        factor = options.FitInto is { } cell
            ? Math.Min((float)cell.Width / image.Width, (float)cell.Height / image.Height)
            : Math.Max(1, (int)Math.Ceiling((double)options.MinimumSize / Math.Max(image.Width, image.Height)));
        var size = new SKSizeI(Scaled(image.Width, factor), Scaled(image.Height, factor));
        if (size == bitmap.Info.Size)
        {
            return bitmap;
        }
        using (bitmap)
        {
            return bitmap.Resize(bitmap.Info.WithSize(size.Width, size.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
    }

    private static int Scaled(int length, float factor) => Math.Max(1, (int)Math.Round(length * factor));
}
