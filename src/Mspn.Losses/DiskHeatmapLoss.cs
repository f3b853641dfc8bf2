using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Mspn.Losses;

/// <summary>
/// The logistic loss of every cell of a heat map of disks (G-RMI: Papandreou et al. 2017, arXiv:1701.01779). The prediction
/// is taken before the sigmoid, the target is 1 inside the disk and 0 outside.
/// </summary>
/// <remarks>
/// The paper sums over cells; this is the mean over people, keypoints and cells. <see cref="OffsetLoss"/> divides by the same number, so that
/// the paper's weights of 4 for this loss and 1 for the offsets keep their meaning.
/// </remarks>
public sealed class DiskHeatmapLoss : IJointLoss
{
    private readonly JointWeights _weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="visibleAbove">A keypoint counts if its visibility is larger than this. Default 0: those that are not labelled are
    /// ignored.</param>
    public DiskHeatmapLoss(float visibleAbove = 0) => _weights = new JointWeights(visibleAbove);

    /// <inheritdoc />
    public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility)
    {
        JointLossShapes.Check(prediction, target, visibility);
        using var scope = NewDisposeScope();
        var weights = _weights.OnLoss(visibility, prediction.dtype).unsqueeze(-1).unsqueeze(-1);
        return binary_cross_entropy_with_logits(prediction, target, weights).MoveToOuterDisposeScope();
    }
}
