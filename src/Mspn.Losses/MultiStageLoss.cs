using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// The sum over all stages and scales of a network's output: one loss for the finest scale of every stage, one for the coarser scales, and
/// for each the target kernel that <see cref="CoarseToFine"/> assigns. Official code: <c>MSPN._calculate_loss</c>.
/// </summary>
public sealed class MultiStageLoss : IPoseLoss
{
    private readonly Scalar _coarseWeight = 0.25; // held here: a temporary may be collected during the native call

    /// <summary>Creates the sum.</summary>
    /// <param name="coarse">The loss of the coarser scales. Default: <see cref="JointsMseLoss"/>.</param>
    /// <param name="finest">The loss of the finest scale. Default: <see cref="OhkmLoss"/> with its default of 8 keypoints.</param>
    public MultiStageLoss(IJointLoss? coarse = null, IJointLoss? finest = null)
    {
        Coarse = coarse ?? new JointsMseLoss();
        Finest = finest ?? new OhkmLoss();
    }

    /// <summary>The loss of the coarser scales.</summary>
    public IJointLoss Coarse { get; }

    /// <summary>The loss of the finest scale of each stage.</summary>
    public IJointLoss Finest { get; }

    /// <summary>Factor on the coarser scales' losses. Default 1/4, as in the official code and mmpose.</summary>
    public double CoarseWeight
    {
        get => _coarseWeight.ToDouble();
        init => _coarseWeight = value;
    }

    /// <summary>Whether later stages take narrower kernels. Default true; false supervises every stage with the first stage's kernels.</summary>
    public bool CoarseToFineSupervision { get; init; } = true;

    /// <summary>
    /// Whether only the last stage's finest scale takes <see cref="Finest"/>, and the finest scales of the stages before it are coarser
    /// scales like any other: CPN, whose GlobalNet is not mined. Default false.
    /// </summary>
    public bool FinestInLastStageOnly { get; init; }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">There are fewer target kernels than scales, or shapes do not fit.</exception>
    public Tensor Compute(PoseOutput output, PoseTargets targets)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(targets);
        var (kernels, visibility) = (targets.Heatmaps, targets.Visibility);
        if (kernels.dim() != 5)
        {
            throw new ArgumentException($"Expected targets [N, L, K, h, w], given {JointLossShapes.Show(kernels)}.", nameof(targets));
        }
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        var stages = output.Heatmaps.Count;
        for (var stage = 0; stage < stages; stage++)
        {
            var maps = output.Heatmaps[stage];
            for (var scale = 0; scale < maps.Count; scale++)
            {
                var kernel = CoarseToFine.KernelIndex(stage, stages, scale, maps.Count, (int)kernels.shape[1], CoarseToFineSupervision);
                var target = kernels.select(1, kernel);
                var part = scale == maps.Count - 1 && (stage == stages - 1 || !FinestInLastStageOnly)
                    ? Finest.Compute(maps[scale], target, visibility)
                    : Coarse.Compute(maps[scale], target, visibility).mul(_coarseWeight);
                sum = sum is null ? part : sum.Plus(part);
            }
        }
        return sum!.MoveToOuterDisposeScope();
    }
}
