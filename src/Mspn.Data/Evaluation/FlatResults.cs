using System.Runtime.CompilerServices;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Results checked and laid out in arrays, group by group, in each group those with the highest scores first and no more than the limit.
/// </summary>
internal sealed class FlatResults
{
    private readonly OksKernel _kernel;
    private readonly double[] _x;
    private readonly double[] _y;

    public FlatResults(IReadOnlyList<CocoResult> results, CocoGrouping grouping, OksKernel kernel, CocoEvaluatorOptions options)
    {
        _kernel = kernel;
        var groups = new int[results.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            var result = results[i];
            if (!grouping.Knows(result.ImageId))
            {
                throw Bad(result, i, "the ground truth has no such image");
            }
            if (!double.IsFinite(result.Score))
            {
                throw Bad(result, i, $"its score is {result.Score}");
            }
            groups[i] = grouping.Find(result.ImageId, result.CategoryId);
            // Another category may have another number of keypoints.
            if (groups[i] >= 0 && result.Keypoints.Count != kernel.Keypoints)
            {
                throw Bad(result, i, $"it has {result.Keypoints.Count} keypoints, expected {kernel.Keypoints}");
            }
            if (options.Rules == CocoRules.Xtcocotools && result.Keypoints.All(k => !(k.Score > 0)))
            {
                groups[i] = -1;
            }
        }
        var (order, starts) = grouping.Arrange(groups);
        Starts = new int[starts.Length];
        Order = KeepBest(results, order, starts, options.MaxDetections);
        (_x, _y) = (new double[Count * kernel.Padded], new double[Count * kernel.Padded]);
        (Scores, Areas) = (new double[Count], new double[Count]);
        // The first result decides for all whether areas are those of boxes or of the keypoints' extent, as in the reference's loadRes.
        var boxes = results.Count > 0 && results[0].Box is not null;
        for (var i = 0; i < Count; i++)
        {
            var result = results[Order[i]];
            Scores[i] = result.Score;
            var extent = Lay(result, Order[i], i * kernel.Padded);
            Areas[i] = boxes ? BoxArea(result, Order[i]) : extent;
        }
    }

    public int Count => Order.Length;

    /// <summary>Index in the caller's list.</summary>
    public int[] Order { get; }

    public int[] Starts { get; }

    public double[] Scores { get; }

    public double[] Areas { get; }

    public ReadOnlySpan<double> X(int result) => _x.AsSpan(result * _kernel.Padded, _kernel.Padded);

    public ReadOnlySpan<double> Y(int result) => _y.AsSpan(result * _kernel.Padded, _kernel.Padded);

    private int[] KeepBest(IReadOnlyList<CocoResult> results, int[] order, int[] starts, int most)
    {
        var kept = new List<int>(order.Length);
        var negated = new double[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            negated[i] = -results[order[i]].Score;
        }
        for (var group = 0; group + 1 < starts.Length; group++)
        {
            var (start, length) = (starts[group], starts[group + 1] - starts[group]);
            ScoreOrder.Sort(negated.AsSpan(start, length), order.AsSpan(start, length));
            kept.AddRange(order.AsSpan(start, Math.Min(length, most)));
            Starts[group + 1] = kept.Count;
        }
        return [.. kept];
    }

    // Returns the area of the keypoints' extent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Lay(CocoResult result, int index, int start)
    {
        var (left, right, top, bottom) = (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
        ReadOnlySpan<KeypointPrediction> keypoints = result.Keypoints as KeypointPrediction[] ?? [.. result.Keypoints];
        for (var k = 0; k < keypoints.Length; k++)
        {
            var (x, y, _) = keypoints[k];
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                // Result files have no other way to say that a keypoint was not found.
                (x, y) = keypoints[k] == KeypointPrediction.Missing ? (0, 0) : throw Bad(result, index, $"keypoint {k} is at ({x}, {y})");
            }
            (_x[start + k], _y[start + k]) = (x, y);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
        }
        return (right - left) * (bottom - top);
    }

    private static double BoxArea(CocoResult result, int index) => result.Box is { } box && double.IsFinite(box.Width * box.Height)
        ? box.Width * box.Height
        : throw Bad(result, index, "it has no finite box, but the first result has a box, and then all must");

    private static PoseDataException Bad(CocoResult result, int index, string problem) =>
        new(CocoEvaluator.ResultsName, $"result {index} (image {result.ImageId}): {problem}.");
}
