using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// Online hard keypoint mining (Chen et al. 2018, CPN): of each person's keypoints only the <see cref="TopK"/> with the largest mean squared
/// error count. Official code: <c>JointsL2Loss</c> with <c>has_ohkm</c>; mmpose: <c>KeypointOHKMMSELoss</c>.
/// </summary>
/// <remarks>Keypoints that are not labelled have an error of zero and still fill the places, as in the official code and mmpose.</remarks>
public sealed class OhkmLoss : IJointLoss
{
    private readonly JointWeights _weights;
    private readonly Scalar _factor = 1; // held here: a temporary may be collected during the native call

    /// <summary>Creates the loss.</summary>
    /// <param name="topK">How many keypoints count, at least 1 and at most the number of keypoints. Default 8.</param>
    /// <param name="visibleAbove">A keypoint counts if its visibility is larger than this. Default 0, as in both the official code and mmpose.</param>
    public OhkmLoss(int topK = 8, float visibleAbove = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        TopK = topK;
        _weights = new JointWeights(visibleAbove);
    }

    /// <summary>Creates a loss that takes weights for visibility.</summary>
    /// <param name="weighting">What the numbers mean; mmpose multiplies both maps (<see cref="JointWeighting.Maps"/>).</param>
    /// <param name="topK">How many keypoints count, at least 1 and at most the number of keypoints. Default 8.</param>
    public OhkmLoss(JointWeighting weighting, int topK = 8)
        : this(topK) => _weights = new JointWeights(0) { Weighting = weighting };

    /// <summary>How many keypoints count.</summary>
    public int TopK { get; }

    /// <summary>Factor on the loss. Default 1.</summary>
    public double Factor
    {
        get => _factor.ToDouble();
        init => _factor = value;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The shapes do not fit, or there are fewer keypoints than <see cref="TopK"/>.</exception>
    public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility)
    {
        JointLossShapes.Check(prediction, target, visibility);
        if (prediction.shape[1] < TopK)
        {
            throw new ArgumentException(
                $"{nameof(OhkmLoss)} mines the {TopK} hardest keypoints, but there are only {prediction.shape[1]}: pass a smaller topK.");
        }
        using var scope = NewDisposeScope();
        var error = prediction.Minus(target);
        var perJoint = (error * error).mean([2, 3]) * _weights.OnLoss(visibility, prediction.dtype);
        var (hardest, _) = perJoint.topk(TopK, dim: 1, sorted: false);
        return hardest.mean().mul(_factor).MoveToOuterDisposeScope();
    }
}
