using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>A loss between heat maps of one scale.</summary>
public interface IJointLoss
{
    /// <summary>Computes the loss.</summary>
    /// <param name="prediction"><c>[N, K, h, w]</c>, floating.</param>
    /// <param name="target"><c>[N, K, h, w]</c>, the same type.</param>
    /// <param name="visibility"><c>[N, K]</c>, any type: COCO's flag 0, 1 or 2 of each keypoint, or what <see cref="JointWeighting"/> says.</param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit; the message gives them.</exception>
    Tensor Compute(Tensor prediction, Tensor target, Tensor visibility);
}
