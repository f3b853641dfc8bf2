using Mspn.Core;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>A loss between heat maps of one scale.</summary>
public interface IJointLoss
{
    /// <summary>Computes the loss.</summary>
    /// <param name="prediction"><c>[N, K, h, w]</c>, floating.</param>
    /// <param name="target"><c>[N, K, h, w]</c>, the same type.</param>
    /// <param name="visibility"><c>[N, K]</c>: COCO's flag 0, 1 or 2 of each keypoint.</param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit; the message gives them.</exception>
    Tensor Compute(Tensor prediction, Tensor target, Tensor visibility);
}

/// <summary>A loss over everything a network predicts.</summary>
public interface IPoseLoss
{
    /// <summary>Computes the loss.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="targets">What it should have been.</param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    Tensor Compute(PoseOutput output, PoseTargets targets);
}

/// <summary>Which keypoints count for which loss.</summary>
public enum VisibilityConvention
{
    /// <summary>
    /// The official MSPN code: for the mean squared error the target of a keypoint that is hidden or not labelled (v ≤ 1) is zero, and the
    /// network is asked to predict that zero; hard keypoint mining counts all labelled keypoints (v &gt; 0) and ignores the rest.
    /// </summary>
    Official,

    /// <summary>mmpose: both losses count all labelled keypoints (v &gt; 0) and ignore the rest.</summary>
    Mmpose,
}
