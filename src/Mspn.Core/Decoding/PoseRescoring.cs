namespace Mspn.Core;

/// <summary>A pose's score from its box's and its keypoints', by which results are ranked.</summary>
public static class PoseRescoring
{
    /// <summary>
    /// The box's score times the mean score of the keypoints that lie above a limit; 0 if none does. This is what SimpleBaseline, HRNet (<c>lib/dataset/coco.py</c>)
    /// and mmpose (<c>CocoMetric</c>, <c>bbox_keypoint</c>) do before they suppress double detections, and with
    /// <see cref="double.NegativeInfinity"/> what the official MSPN code does.
    /// </summary>
    /// <param name="boxScore">The box's score; 1 for annotated boxes.</param>
    /// <param name="keypoints">The keypoints with their scores.</param>
    /// <param name="above">Only scores above this count. Default 0.2.</param>
    public static double Score(double boxScore, IReadOnlyList<KeypointPrediction> keypoints, double above = 0.2)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        var (sum, count) = (0.0, 0);
        foreach (var keypoint in keypoints)
        {
            if (keypoint.Score > above)
            {
                sum += keypoint.Score;
                count++;
            }
        }
        return count == 0 ? 0 : boxScore * (sum / count);
    }
}
