using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// Mean squared error over all keypoints and pixels. Official code: <c>JointsL2Loss</c> without <c>has_ohkm</c>; mmpose:
/// <c>KeypointMSELoss</c>; SimpleBaseline: <c>JointsMSELoss</c>.
/// </summary>
public sealed class JointsMseLoss : IJointLoss
{
    private readonly JointWeights _weights;
    private readonly bool _maskPrediction;
    private readonly Scalar _factor = 1; // held here: a temporary may be collected during the native call
    private readonly Scalar _zero = 0;

    /// <summary>Creates the loss of the official code.</summary>
    public JointsMseLoss()
        : this(VisibilityConvention.Official)
    {
    }

    /// <summary>Creates the loss.</summary>
    /// <param name="convention">Which keypoints count.</param>
    public JointsMseLoss(VisibilityConvention convention)
        : this(convention == VisibilityConvention.Official ? 1 : 0, convention == VisibilityConvention.Mmpose)
    {
    }

    /// <summary>Creates the loss with a threshold of one's own.</summary>
    /// <param name="visibleAbove">A keypoint counts if its visibility is larger than this (official: 1, mmpose: 0).</param>
    /// <param name="maskPrediction">Whether keypoints that do not count are ignored (mmpose), or expected to give zeros (official).</param>
    public JointsMseLoss(float visibleAbove, bool maskPrediction)
    {
        _weights = new JointWeights(visibleAbove);
        _maskPrediction = maskPrediction;
    }

    /// <summary>Creates a loss that takes weights for visibility.</summary>
    /// <param name="weighting">What the numbers mean. <see cref="JointWeighting.Flags"/> is mmpose's convention for COCO's flags.</param>
    public JointsMseLoss(JointWeighting weighting)
        : this(VisibilityConvention.Mmpose) => _weights = new JointWeights(0) { Weighting = weighting };

    /// <summary>Factor on the loss. Default 1.</summary>
    public double Factor
    {
        get => _factor.ToDouble();
        init => _factor = value;
    }

    /// <summary>
    /// Whether maps whose target is zero everywhere are left out, as mmpose's <c>skip_empty_channel</c> does. Default false. The mean still
    /// divides by all maps.
    /// </summary>
    public bool SkipEmptyMaps { get; init; }

    /// <inheritdoc />
    public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility) => Compute(prediction, target, visibility, mask: null);

    /// <summary>Computes the loss of a part of the pixels.</summary>
    /// <param name="prediction"><c>[N, K, h, w]</c>, floating.</param>
    /// <param name="target"><c>[N, K, h, w]</c>, the same type.</param>
    /// <param name="visibility"><c>[N, K]</c>.</param>
    /// <param name="mask">
    /// <c>[N, K, h, w]</c>, or <c>[N, 1, h, w]</c> for all keypoints alike: a factor on each pixel's squared error. Null: 1 everywhere. The
    /// mean still divides by all pixels.
    /// </param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit; the message gives them.</exception>
    public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility, Tensor? mask)
    {
        JointLossShapes.Check(prediction, target, visibility);
        JointLossShapes.CheckMask(mask, prediction);
        using var scope = NewDisposeScope();
        var weights = _weights.OnLoss(visibility, prediction.dtype).unsqueeze(-1).unsqueeze(-1);
        var error = prediction.Minus(_maskPrediction ? target : target * weights);
        var squared = error * error;
        if (_maskPrediction)
        {
            squared *= weights;
        }
        if (mask is not null)
        {
            squared *= mask.to(prediction.dtype);
        }
        if (SkipEmptyMaps)
        {
            squared *= target.ne(_zero).any(-1, true).any(-2, true).to(prediction.dtype);
        }
        return squared.mean().mul(_factor).MoveToOuterDisposeScope();
    }
}
