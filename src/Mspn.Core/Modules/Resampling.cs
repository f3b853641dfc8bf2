using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The two ways in which feature maps are enlarged.</summary>
internal static class Resampling
{
    /// <summary>Bilinear with aligned corners, as in the official code; a map that has the size already is returned as it is.</summary>
    public static Tensor Bilinear(Tensor map, long height, long width) =>
        HasSize(map, height, width)
            ? map
            : Noted(map, nn.functional.interpolate(map, [height, width], mode: InterpolationMode.Bilinear, align_corners: true), bilinear: true);

    /// <summary>Nearest neighbour, as in hourglasses; a map that has the size already is returned as it is.</summary>
    public static Tensor Nearest(Tensor map, long height, long width) =>
        HasSize(map, height, width)
            ? map
            : Noted(map, nn.functional.interpolate(map, [height, width], mode: InterpolationMode.Nearest), bilinear: false);

    private static bool HasSize(Tensor map, long height, long width) => map.shape[2] == height && map.shape[3] == width;

    private static Tensor Noted(Tensor map, Tensor enlarged, bool bilinear)
    {
        GraphRecorder.Current?.Add(new ResizeOperation(enlarged.shape[2], enlarged.shape[3], bilinear), [map], enlarged);
        return enlarged;
    }
}
