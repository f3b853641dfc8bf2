using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The two halves of a flip test: mirror the crops, and bring the mirrored crops' heat maps back.</summary>
public static class HeatmapFlip
{
    private static readonly Scalar Half = 0.5; // held here: a temporary may be collected during the native call

    /// <summary>Mirrors crops left to right.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    public static Tensor Images(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.flip(3);
    }

    /// <summary>Mirrors heat maps back and swaps those of left and right keypoints. No shift is applied, as in the official code.</summary>
    /// <param name="heatmaps"><c>[N, K, h, w]</c>.</param>
    /// <param name="schema">Says which keypoints swap.</param>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="ArgumentException">The tensor does not have the schema's number of maps.</exception>
    public static Tensor Back(Tensor heatmaps, KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(heatmaps);
        ArgumentNullException.ThrowIfNull(schema);
        if (heatmaps.dim() != 4 || heatmaps.shape[1] != schema.Count)
        {
            throw new ArgumentException(
                $"Expected heat maps [N, {schema.Count}, h, w] for {schema.Name}, given [{string.Join(", ", heatmaps.shape)}].", nameof(heatmaps));
        }
        using var scope = NewDisposeScope();
        var order = tensor(schema.FlipPermutation.Select(i => (long)i).ToArray(), device: heatmaps.device);
        return heatmaps.flip(3).index_select(1, order).MoveToOuterDisposeScope();
    }

    /// <summary>The flip test: the mean of a network's maps for the crops and, brought back, for their mirror images.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <returns><c>[N, K, h, w]</c>; the caller (or its dispose scope) owns it.</returns>
    public static Tensor PredictBothWays(IPoseNetwork network, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        var plain = network.PredictFinal(images);
        var flipped = Back(network.PredictFinal(Images(images)), network.Keypoints);
        return plain.PlusInPlace(flipped).mul_(Half).MoveToOuterDisposeScope();
    }
}
