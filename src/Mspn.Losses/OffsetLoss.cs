using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// The robust loss of offsets inside the disks around keypoints (G-RMI: Papandreou et al. 2017, arXiv:1701.01779):
/// <c>L_o = Σ_k Σ_{i: ‖l_k − x_i‖ ≤ R} H(‖F_k(x_i) − (l_k − x_i)‖)</c> with Huber's <c>H(u) = u²/2</c> up to δ and <c>δ·(u − δ/2)</c> beyond.
/// </summary>
/// <remarks>
/// The sum is divided by the number of cells of all disks' maps, N·K·h·w, whether inside a disk or not; see <see cref="DiskHeatmapLoss"/>.
/// </remarks>
public sealed class OffsetLoss
{
    private readonly Scalar _delta; // held here: a temporary may be collected during the native call
    private readonly Scalar _deltaSquared;
    private readonly Scalar _minusHalfDelta;
    private readonly Scalar _half = 0.5;

    /// <summary>Creates the loss.</summary>
    /// <param name="delta">δ, in heat-map cells: errors beyond it count linearly. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not positive and finite.</exception>
    public OffsetLoss(double delta = 1)
    {
        Delta = Require.Positive(delta);
        (_delta, _deltaSquared, _minusHalfDelta) = (delta, delta * delta, -delta / 2);
    }

    /// <summary>δ, in heat-map cells.</summary>
    public double Delta { get; }

    /// <summary>Computes the loss.</summary>
    /// <param name="prediction"><c>[N, 2K, h, w]</c>, floating: offsets in cells, columns of keypoint k at 2k and rows at 2k + 1.</param>
    /// <param name="target"><c>[N, 2K, h, w]</c>, the same type. Outside the disks it may be anything finite.</param>
    /// <param name="disks"><c>[N, K, h, w]</c>, the same type: 1 in the disk of a keypoint, 0 outside and for those that do not
    /// count.</param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit; the message gives them.</exception>
    public Tensor Compute(Tensor prediction, Tensor target, Tensor disks)
    {
        JointLossShapes.CheckOffsets(prediction, target, disks);
        using var scope = NewDisposeScope();
        var (n, k, h, w) = (disks.shape[0], disks.shape[1], disks.shape[2], disks.shape[3]);
        var error = prediction.Minus(target).reshape(n, k, 2, h, w);
        var squared = (error * error).sum(2);
        // The root is taken of nothing smaller than δ²: at 0 its slope is infinite, which times the 0 of the branch not taken is not a number.
        var linear = squared.clamp_min(_deltaSquared).sqrt().Plus(_minusHalfDelta).mul(_delta);
        var huber = where(squared.le(_deltaSquared), squared.mul(_half), linear);
        return (huber * disks).mean().MoveToOuterDisposeScope();
    }
}
