namespace Mspn.Losses;

/// <summary>Which keypoints count for which loss.</summary>
public enum VisibilityConvention
{
    /// <summary>
    /// The official MSPN code: for the mean squared error the target of a keypoint that is hidden or not labelled (v ≤ 1) is zero, and the
    /// network is asked to predict that zero; hard keypoint mining counts all labelled keypoints (v &gt; 0) and ignores the rest.
    /// </summary>
    Official,

    /// <summary>mmpose: both losses count all labelled keypoints (v &gt; 0) and ignore the rest.</summary>
    Mmpose,
}
