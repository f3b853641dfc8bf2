namespace Mspn.Core;

/// <summary>
/// Removes double detections of a person by comparing poses instead of boxes (Papandreou et al. 2017, arXiv:1701.01779, section 3.3;
/// <c>oks_nms</c> and <c>soft_oks_nms</c> of HRNet's <c>lib/nms/nms.py</c> and of mmpose).
/// </summary>
public static class OksNms
{
    /// <summary>Keeps the best pose, drops those that are more similar to it than the threshold, and goes on with what is left.</summary>
    /// <param name="poses">The poses found in one image.</param>
    /// <param name="similarity">How poses are compared.</param>
    /// <param name="threshold">Largest similarity of two poses that both stay. SimpleBaseline and HRNet use 0.9.</param>
    /// <returns>Indices of the poses that stay, the best first. Of poses with one score the last comes first.</returns>
    /// <exception cref="ArgumentException">A pose does not fit the schema.</exception>
    public static IReadOnlyList<int> Hard(IReadOnlyList<ScoredPose> poses, OksSimilarity similarity, double threshold)
    {
        ArgumentNullException.ThrowIfNull(poses);
        ArgumentNullException.ThrowIfNull(similarity);
        return GreedySuppression.Hard(poses.Select(p => p.Score), (a, b) => similarity.Between(poses[a], poses[b]), threshold);
    }

    /// <summary>
    /// Keeps the best pose, multiplies the scores of the others by <c>exp(−OKS² / threshold)</c>, and goes on with the best of those.
    /// </summary>
    /// <param name="poses">The poses found in one image.</param>
    /// <param name="similarity">How poses are compared.</param>
    /// <param name="threshold">How fast scores fall with similarity, above 0. HRNet uses 0.9.</param>
    /// <param name="maximum">How many poses stay at most, at least 1; nothing else removes any. Default 20, as in HRNet and mmpose.</param>
    /// <returns>Indices of the poses that stay, in the order of selection.</returns>
    /// <exception cref="ArgumentException">A pose does not fit the schema.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> or <paramref name="maximum"/> is zero or less.</exception>
    public static IReadOnlyList<int> Soft(IReadOnlyList<ScoredPose> poses, OksSimilarity similarity, double threshold, int maximum = 20)
    {
        ArgumentNullException.ThrowIfNull(poses);
        ArgumentNullException.ThrowIfNull(similarity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        return GreedySuppression.Soft(poses.Select(p => p.Score), (a, b) => similarity.Between(poses[a], poses[b]), threshold, maximum);
    }
}
