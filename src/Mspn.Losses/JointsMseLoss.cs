using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>Mean squared error over all keypoints and pixels. Official code: <c>JointsL2Loss</c> without <c>has_ohkm</c>.</summary>
public sealed class JointsMseLoss : IJointLoss
{
    private readonly Scalar _threshold; // held here: a temporary may be collected during the native call
    private readonly bool _maskPrediction;

    /// <summary>Creates the loss.</summary>
    /// <param name="convention">Which keypoints count. Default: the official code's.</param>
    public JointsMseLoss(VisibilityConvention convention = VisibilityConvention.Official)
        : this(convention == VisibilityConvention.Official ? 1 : 0, convention == VisibilityConvention.Mmpose)
    {
    }

    /// <summary>Creates the loss with a threshold of one's own.</summary>
    /// <param name="visibleAbove">A keypoint counts if its visibility is larger than this (official: 1, mmpose: 0).</param>
    /// <param name="maskPrediction">Whether keypoints that do not count are ignored (mmpose), or expected to give zeros (official).</param>
    public JointsMseLoss(float visibleAbove, bool maskPrediction)
    {
        _threshold = visibleAbove;
        _maskPrediction = maskPrediction;
    }

    /// <inheritdoc />
    public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility)
    {
        JointLossShapes.Check(prediction, target, visibility);
        using var scope = NewDisposeScope();
        var counts = visibility.gt(_threshold).to(prediction.dtype).unsqueeze(-1).unsqueeze(-1);
        var error = _maskPrediction ? prediction.Minus(target) * counts : prediction.Minus(target * counts);
        return (error * error).mean().MoveToOuterDisposeScope();
    }
}
