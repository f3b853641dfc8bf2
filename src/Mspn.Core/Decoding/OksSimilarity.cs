namespace Mspn.Core;

/// <summary>
/// Object keypoint similarity between two predicted poses: the mean over keypoints of <c>exp(−d² / (2·(2σ)²·a))</c>, where d is the distance,
/// σ the schema's sigma and a the mean of the two areas. 1 for equal poses, towards 0 for distant ones.
/// </summary>
/// <remarks>Sources: <c>oks_iou</c> of HRNet's <c>lib/nms/nms.py</c> and of <c>mmpose/evaluation/functional/nms.py</c>. Immutable and
/// thread-safe.</remarks>
public sealed class OksSimilarity
{
    // numpy.spacing(1), which keeps the reference from dividing by zero.
    private const double LeastArea = 1.0 / (1L << 52);

    private readonly double[] _variances;

    /// <summary>Creates the measure.</summary>
    /// <param name="schema">The keypoints, with sigmas.</param>
    /// <exception cref="ArgumentException">The schema has no sigmas.</exception>
    public OksSimilarity(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.Validated().Sigmas.Count == 0)
        {
            throw new ArgumentException(
                $"{schema} has no sigmas, without which there is no OKS: give {schema.Count} numbers, one for each keypoint, as "
                + $"{nameof(KeypointSchema)}.{nameof(KeypointSchema.Sigmas)}, or as 'sigmas' in the category of a COCO file.", nameof(schema));
        }
        Schema = schema;
        _variances = [.. schema.Sigmas.Select(sigma => 2 * sigma * (2 * sigma))];
    }

    /// <summary>The keypoints.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>Only keypoints with a score above this are compared; if none is left, the similarity is 0. Default null: all that were found are.</summary>
    public double? ScoreAbove { get; init; }

    /// <summary>Whose score must be above <see cref="ScoreAbove"/>. Default: both poses'.</summary>
    public OksKeypoints Compared { get; init; } = OksKeypoints.OfBoth;

    /// <summary>The similarity of two poses, from 0 to 1. Keypoints that one of them lacks (<see cref="KeypointPrediction.IsFound"/>) are not compared.</summary>
    /// <exception cref="ArgumentException">A pose does not have the schema's number of keypoints.</exception>
    public double Between(ScoredPose first, ScoredPose second)
    {
        Check(first);
        Check(second);
        var area = (first.Area + second.Area) / 2 + LeastArea;
        var (sum, count) = (0.0, 0);
        for (var k = 0; k < _variances.Length; k++)
        {
            var (a, b) = (first.Keypoints[k], second.Keypoints[k]);
            if (!IsCompared(a, b))
            {
                continue;
            }
            var (dx, dy) = (b.X - a.X, b.Y - a.Y);
            sum += Math.Exp(-((dx * dx + dy * dy) / _variances[k] / area / 2));
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }

    private bool IsCompared(KeypointPrediction first, KeypointPrediction second) => first.IsFound && second.IsFound
        && (ScoreAbove is not { } least || second.Score > least && (Compared == OksKeypoints.OfSecond || first.Score > least));

    private void Check(ScoredPose pose)
    {
        ArgumentNullException.ThrowIfNull(pose);
        if (pose.Keypoints.Count != _variances.Length)
        {
            throw new ArgumentException($"{Schema} expected, given a pose of {pose.Keypoints.Count} keypoints.");
        }
    }
}
