using System.Numerics;

namespace Mspn.Core;

/// <summary>Decides which peaks a limb joins: line integrals over its field for every pair, then the best pairs first.</summary>
internal static class LimbMatcher
{
    // Two peaks on the same pixel have no direction; this keeps the division finite, as in the reference.
    private const double ShortestLimb = 0.001;

    /// <summary>The connections of one limb, from the best to the worst; no peak occurs twice.</summary>
    /// <param name="from">Peaks of the keypoint where it begins.</param>
    /// <param name="to">Peaks of the keypoint where it ends.</param>
    /// <param name="fieldX">The field's x components.</param>
    /// <param name="fieldY">Its y components.</param>
    /// <param name="size">Size of both maps.</param>
    /// <param name="options">Samples and thresholds.</param>
    public static List<LimbConnection> Match<T>(
        ReadOnlySpan<KeypointPeak> from, ReadOnlySpan<KeypointPeak> to, ReadOnlySpan<T> fieldX, ReadOnlySpan<T> fieldY, ImageSize size,
        PartAffinityOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var candidates = new List<LimbConnection>();
        foreach (var a in from)
        {
            foreach (var b in to)
            {
                if (Score(a, b, fieldX, fieldY, size, options) is { } score)
                {
                    candidates.Add(new LimbConnection(a, b, score));
                }
            }
        }
        var connections = new List<LimbConnection>();
        var taken = new HashSet<int>();
        // OrderBy is stable: among equals the first pair comes first, as in the reference.
        foreach (var candidate in candidates.OrderByDescending(c => c.Score))
        {
            if (!taken.Contains(candidate.From.Id) && !taken.Contains(candidate.To.Id))
            {
                taken.Add(candidate.From.Id);
                taken.Add(candidate.To.Id);
                connections.Add(candidate);
            }
        }
        return connections;
    }

    private static double? Score<T>(
        KeypointPeak a, KeypointPeak b, ReadOnlySpan<T> fieldX, ReadOnlySpan<T> fieldY, ImageSize size, PartAffinityOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double dx = b.X - a.X;
        double dy = b.Y - a.Y;
        var length = Math.Max(ShortestLimb, Math.Sqrt(dx * dx + dy * dy));
        var (directionX, directionY) = (dx / length, dy / length);
        var last = options.Samples - 1;
        var (stepX, stepY) = (dx / last, dy / last);
        var sum = 0.0;
        var supporting = 0;
        for (var i = 0; i <= last; i++)
        {
            // The end is exact; in between, halves are rounded to even, as NumPy and Python do.
            var (x, y) = i < last ? (Math.Round(i * stepX + a.X), Math.Round(i * stepY + a.Y)) : (b.X, b.Y);
            var at = (int)y * size.Width + (int)x;
            var along = double.CreateTruncating(fieldX[at]) * directionX + double.CreateTruncating(fieldY[at]) * directionY;
            sum += along;
            supporting += along > options.FieldThreshold ? 1 : 0;
        }
        // A limb longer than half the image's height is made less likely.
        var score = sum / options.Samples + Math.Min(0.5 * size.Height / length - 1, 0);
        return supporting > options.SampleShare * options.Samples && score > 0 ? score : null;
    }
}
