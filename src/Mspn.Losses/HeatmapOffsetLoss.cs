using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// The loss of networks that give disks and offsets (G-RMI: Papandreou et al. 2017, arXiv:1701.01779): for every stage λ_h times the logistic loss
/// of its finest heat maps plus λ_o times the robust loss of its offsets inside the disks.
/// </summary>
/// <remarks>Expects one set of target heat maps, the disks, and the extra <see cref="PoseExtra.Offsets"/>.</remarks>
public sealed class HeatmapOffsetLoss : IPoseLoss
{
    private readonly DiskHeatmapLoss _heatmaps = new();
    private readonly OffsetLoss _offsets;
    private readonly Scalar _heatmapWeight; // held here: a temporary may be collected during the native call
    private readonly Scalar _offsetWeight;

    /// <summary>Creates the loss.</summary>
    /// <param name="heatmapWeight">λ_h. Default 4, as in the paper.</param>
    /// <param name="offsetWeight">λ_o. Default 1, as in the paper.</param>
    /// <param name="delta">Offset errors beyond it count linearly, in heat-map cells. Default 1.</param>
    public HeatmapOffsetLoss(double heatmapWeight = 4, double offsetWeight = 1, double delta = 1)
    {
        (_heatmapWeight, _offsetWeight) = (heatmapWeight, offsetWeight);
        _offsets = new OffsetLoss(delta);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The output or the targets have no offsets, or shapes do not fit.</exception>
    public Tensor Compute(PoseOutput output, PoseTargets targets)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(targets);
        _ = output.FinalExtra(PoseExtra.Offsets);
        if (targets.Heatmaps.dim() != 5 || targets.Heatmaps.shape[1] != 1)
        {
            throw new ArgumentException($"Expected disks [N, 1, K, h, w], given {JointLossShapes.Show(targets.Heatmaps)}.", nameof(targets));
        }
        using var scope = NewDisposeScope();
        var disks = targets.Heatmaps.select(1, 0);
        var parts = output.Heatmaps.Select(stage => _heatmaps.Compute(stage[^1], disks, targets.Visibility).mul(_heatmapWeight))
            .Concat(output.Extras[PoseExtra.Offsets].Select(offsets =>
                _offsets.Compute(offsets, targets.Extra(PoseExtra.Offsets), disks).mul(_offsetWeight)));
        return parts.Aggregate(KeptScalars.Plus).MoveToOuterDisposeScope();
    }
}
