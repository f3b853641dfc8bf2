namespace Mspn.Core;

/// <summary>From pixels to a network's input, as ONNX nodes.</summary>
internal static class OnnxImages
{
    private const float LargestByte = 255;

    /// <summary>Normalises pixels.</summary>
    /// <param name="pixels"><c>uint8 [N, H, W, 3]</c>, red first.</param>
    /// <param name="normalization">How.</param>
    /// <returns><c>float [N, 3, H, W]</c>.</returns>
    public static OnnxValue Normalized(OnnxValue pixels, ImageNormalization normalization)
    {
        var planes = pixels.Node("Transpose", attributes: [OnnxAttribute.Of("perm", [0L, 3, 1, 2])]);
        var ordered = normalization.Order == ChannelOrder.Bgr ? planes.Gather(1, [2, 1, 0]) : planes;
        OnnxValue PerChannel(IReadOnlyList<float> values) => pixels.Graph.Constant([1, 3, 1, 1], [.. values]);
        return (ordered.Cast(OnnxType.Float) / LargestByte - PerChannel(normalization.Mean)) / PerChannel(normalization.Std);
    }
}
