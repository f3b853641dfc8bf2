using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// Online hard keypoint mining (Chen et al. 2018, CPN): of each person's keypoints only the <see cref="TopK"/> with the largest mean squared
/// error count. Official code: <c>JointsL2Loss</c> with <c>has_ohkm</c>.
/// </summary>
/// <remarks>Keypoints that are not labelled have an error of zero and still fill the places, as in the official code and mmpose.</remarks>
public sealed class OhkmLoss : IJointLoss
{
    private readonly Scalar _threshold; // held here: a temporary may be collected during the native call

    /// <summary>Creates the loss.</summary>
    /// <param name="topK">How many keypoints count, at least 1 and at most the number of keypoints. Default 8.</param>
    /// <param name="visibleAbove">A keypoint counts if its visibility is larger than this. Default 0, as in both the official code and mmpose.</param>
    public OhkmLoss(int topK = 8, float visibleAbove = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        TopK = topK;
        _threshold = visibleAbove;
    }

    /// <summary>How many keypoints count.</summary>
    public int TopK { get; }

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
        var counts = visibility.gt(_threshold).to(prediction.dtype);
        var error = prediction.Minus(target);
        var perJoint = (error * error).mean([2, 3]) * counts;
        var (hardest, _) = perJoint.topk(TopK, dim: 1, sorted: false);
        return hardest.mean().MoveToOuterDisposeScope();
    }
}
