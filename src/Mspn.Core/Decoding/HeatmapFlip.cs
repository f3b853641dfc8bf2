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
    /// <exception cref="ArgumentException">The tensor does not have four dimensions.</exception>
    public static Tensor Images(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.dim() == 4
            ? images.flip(3)
            : throw new ArgumentException($"Expected crops [N, 3, H, W], given [{string.Join(", ", images.shape)}].", nameof(images));
    }

    /// <summary>Mirrors heat maps back and swaps those of left and right keypoints.</summary>
    /// <param name="heatmaps"><c>[N, K, h, w]</c>.</param>
    /// <param name="schema">Says which keypoints swap.</param>
    /// <param name="shift">
    /// Whether the maps are then moved one cell to the right (the first column stays), as SimpleBaseline and HRNet do (<c>SHIFT_HEATMAP</c>):
    /// their targets put a keypoint at <c>x·w/W</c>, so that a mirrored map comes back almost a cell too far left. Default false, as in the
    /// official MSPN code.
    /// </param>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="ArgumentException">The tensor does not have the schema's number of maps.</exception>
    public static Tensor Back(Tensor heatmaps, KeypointSchema schema, bool shift = false)
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
        var back = heatmaps.flip(3).index_select(1, order);
        return (shift ? Shifted(back) : back).MoveToOuterDisposeScope();
    }

    /// <summary>Mirrors an extra's maps back: channels swap and turn as <see cref="PoseExtra.Mirror"/> says.</summary>
    /// <param name="maps"><c>[N, C, h, w]</c>.</param>
    /// <param name="extra">What the maps are.</param>
    /// <param name="shift">Whether they are then moved one cell to the right. Default false.</param>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="ArgumentException">The tensor does not have the extra's number of channels.</exception>
    public static Tensor Back(Tensor maps, PoseExtra extra, bool shift = false)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(extra);
        if (maps.dim() != 4 || maps.shape[1] != extra.Channels)
        {
            throw new ArgumentException(
                $"Expected '{extra.Name}' as [N, {extra.Channels}, h, w], given [{string.Join(", ", maps.shape)}].", nameof(maps));
        }
        using var scope = NewDisposeScope();
        var order = tensor(extra.Mirror.Select(m => (long)m.Channel).ToArray(), device: maps.device);
        var signs = tensor(extra.Mirror.Select(m => (float)m.Sign).ToArray(), [1, extra.Channels, 1, 1], maps.dtype, maps.device);
        var back = maps.flip(3).index_select(1, order) * signs;
        return (shift ? Shifted(back) : back).MoveToOuterDisposeScope();
    }

    /// <summary>The flip test: the mean of what a network predicts for the crops and, brought back, for their mirror images.</summary>
    /// <param name="network">The network, in evaluation mode.</param>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <param name="shift">Whether the mirrored maps are moved one cell to the right (see <see cref="Back(Tensor, KeypointSchema, bool)"/>). Default false.</param>
    /// <returns>The prediction, as of <see cref="IPosePredictor.PredictFinal"/>; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public static PoseOutput PredictBothWays(IPosePredictor network, Tensor images, bool shift = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        var plain = network.PredictFinal(images);
        var flipped = network.PredictFinal(Images(images));
        var heatmaps = Mean(plain.Final, Back(flipped.Final, network.Keypoints, shift));
        var extras = network.Extras.ToDictionary(
            extra => extra.Name,
            extra => (IReadOnlyList<Tensor>)[Mean(plain.FinalExtra(extra.Name), Back(flipped.FinalExtra(extra.Name), extra, shift))],
            StringComparer.Ordinal);
        return new PoseOutput([[heatmaps]], extras).MoveToOuterDisposeScope();
    }

    // The first column is kept.
    private static Tensor Shifted(Tensor maps) => cat([maps.narrow(3, 0, 1), maps.narrow(3, 0, maps.shape[3] - 1)], 3);

    private static Tensor Mean(Tensor one, Tensor other) => one.Plus(other).mul_(Half);
}
