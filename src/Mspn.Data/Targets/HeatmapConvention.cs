namespace Mspn.Data;

/// <summary>Two ways of drawing the same blurred maps.</summary>
public enum HeatmapConvention
{
    /// <summary>The official MSPN code: the largest value becomes the peak; keypoints with a visibility of at least 1 are drawn.</summary>
    Official,

    /// <summary>
    /// mmpose (<c>mmpose/codecs/megvii_heatmap.py</c>): the value at the keypoint becomes the peak, so that a keypoint beside an edge, where
    /// the mirrored edge adds to the blur, gets a larger value next to it; keypoints with a visibility of at least 0.5 are drawn.
    /// </summary>
    Mmpose,
}
