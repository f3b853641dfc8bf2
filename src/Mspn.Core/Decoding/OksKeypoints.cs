namespace Mspn.Core;

/// <summary>Which keypoints of two poses are compared when <see cref="OksSimilarity.ScoreAbove"/> is set.</summary>
public enum OksKeypoints
{
    /// <summary>Those whose score is above it in both poses: mmpose.</summary>
    OfBoth,

    /// <summary>
    /// Those whose score is above it in the second pose, which is what the code of SimpleBaseline and HRNet (<c>lib/nms/nms.py</c>) comes
    /// down to: Python's <c>and</c> of two lists is the second list.
    /// </summary>
    OfSecond,
}
