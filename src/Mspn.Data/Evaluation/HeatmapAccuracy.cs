using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data;

/// <summary>
/// How often the maxima of two sets of heat maps agree: the number that SimpleBaseline and HRNet show during training
/// (<c>accuracy</c> in <c>lib/core/evaluate.py</c>). Not a metric to publish.
/// </summary>
/// <param name="Mean">The mean over the keypoints that count, from 0 to 1; 0 if none does.</param>
/// <param name="PerKeypoint">The fraction of images in which a keypoint's maxima agree; not a number for a keypoint that never
/// counts.</param>
/// <remarks>
/// Two maxima agree if their distance, with columns divided by a tenth of the maps' <em>height</em> and rows by a tenth of their width, is
/// below the threshold. The exchange of height and width is the reference's. A keypoint counts in an image if its target's maximum is
/// positive and lies neither in the first two columns nor in the first two rows; or, where visibilities are given, if it is labelled, as in
/// mmpose's <c>pose_pck_accuracy</c> with its threshold of 0.05 of a map.
/// </remarks>
public sealed record HeatmapAccuracy(double Mean, IReadOnlyList<double> PerKeypoint)
{
    private static readonly SimpleBaselineHeatmapDecoder Maxima = new() { Shift = 0 };

    /// <summary>Number of keypoints that count.</summary>
    public int Count => PerKeypoint.Count(double.IsFinite);

    /// <summary>Compares heat maps.</summary>
    /// <param name="prediction"><c>[N, K, h, w]</c>, any floating type, any device.</param>
    /// <param name="target"><c>[N, K, h, w]</c>.</param>
    /// <param name="threshold">Distance below which maxima agree, in tenths of a map. Default 0.5.</param>
    /// <param name="visibility"><c>[N, K]</c>: keypoints above 0 count. Default null: the target's maximum decides.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not have four dimensions.</exception>
    public static HeatmapAccuracy Of(Tensor prediction, Tensor target, double threshold = 0.5, Tensor? visibility = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (prediction.dim() != 4 || !prediction.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"Heat maps [{string.Join(", ", prediction.shape)}] and targets [{string.Join(", ", target.shape)}] must both be [N, K, h, w].");
        }
        if (visibility is not null && !visibility.shape.SequenceEqual(prediction.shape.AsSpan(0, 2)))
        {
            throw new ArgumentException(
                $"Visibilities [{string.Join(", ", visibility.shape)}] must be [N, K] of the heat maps [{string.Join(", ", prediction.shape)}].",
                nameof(visibility));
        }
        var flags = visibility is null ? null : MapValues.Of(visibility);
        var map = new ImageSize((int)prediction.shape[2], (int)prediction.shape[3]);
        var (found, wanted) = (Maxima.Decode(prediction, map), Maxima.Decode(target, map));
        var fractions = new double[prediction.shape[1]];
        for (var k = 0; k < fractions.Length; k++)
        {
            var distances = Enumerable.Range(0, found.Count)
                .Where(i => flags is null ? wanted[i][k].X > 1 && wanted[i][k].Y > 1 : flags[i * fractions.Length + k] > 0)
                .Select(i => Distance(found[i][k], wanted[i][k], map))
                .ToArray();
            fractions[k] = (double)distances.Count(d => d < threshold) / distances.Length;
        }
        return new HeatmapAccuracy(fractions.Where(double.IsFinite).DefaultIfEmpty(0).Average(), fractions);
    }

    private static double Distance(KeypointPrediction a, KeypointPrediction b, ImageSize map)
    {
        var (dx, dy) = ((a.X - b.X) / (map.Height / 10.0), (a.Y - b.Y) / (map.Width / 10.0));
        return Math.Sqrt(dx * dx + dy * dy);
    }
}
