using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>
/// OpenPose's loss (Cao et al. 2017, arXiv:1611.08050, equation 5): for every stage the squared error of the heat maps with their background,
/// <c>f_S = Σ_j Σ_p W(p)·‖S_j(p) − S*_j(p)‖²</c>, and of the affinity fields, <c>f_L</c> likewise; W is 0 where people are not annotated.
/// </summary>
/// <remarks>
/// <para>Sums become means over images, maps and cells, masked ones included, so that the number does not depend on sizes. Caffe's
/// EuclideanLoss, with which OpenPose was trained, is half the sum divided by the number of images: it is this mean times
/// <c>C·h·w / 2</c>, C being the K + 1 heat maps or the 2L field maps. Set the weights to those factors for Caffe's scale; it matters beside weight
/// decay.</para>
/// <para>The finest heat maps of each stage count. A network without a background is trained without one; targets without a
/// <see cref="PoseTargets.Mask"/> count everywhere. Visibilities are not read.</para>
/// </remarks>
public sealed class PartAffinityLoss : IPoseLoss
{
    private readonly Scalar _heatmapWeight = 1; // held here: a temporary may be collected during the native call
    private readonly Scalar _fieldWeight = 1;

    /// <summary>Factor on the error of heat maps and background. Default 1.</summary>
    public double HeatmapWeight
    {
        get => _heatmapWeight.ToDouble();
        init => _heatmapWeight = value;
    }

    /// <summary>Factor on the error of the affinity fields. Default 1.</summary>
    public double FieldWeight
    {
        get => _fieldWeight.ToDouble();
        init => _fieldWeight = value;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">Output or targets lack something, or shapes do not fit; the message says what.</exception>
    public Tensor Compute(PoseOutput output, PoseTargets targets)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Heatmaps.dim() != 5 || targets.Heatmaps.shape[1] != 1)
        {
            throw new ArgumentException($"Expected targets [N, 1, K, h, w], given {JointLossShapes.Show(targets.Heatmaps)}.", nameof(targets));
        }
        using var scope = NewDisposeScope();
        var mask = targets.Extras.GetValueOrDefault(PoseTargets.Mask);
        var fields = Stages(output, PoseExtra.AffinityFields);
        var backgrounds = output.Extras.ContainsKey(PoseExtra.Background) ? Stages(output, PoseExtra.Background) : null;
        var heatmapTarget = targets.Heatmaps.select(1, 0);
        if (backgrounds is not null)
        {
            heatmapTarget = Join("target", heatmapTarget, targets.Extra(PoseExtra.Background));
        }
        var fieldTarget = targets.Extra(PoseExtra.AffinityFields);
        Tensor? sum = null;
        for (var stage = 0; stage < output.Heatmaps.Count; stage++)
        {
            var maps = output.Heatmaps[stage][^1];
            if (backgrounds is not null)
            {
                maps = Join("prediction", maps, backgrounds[stage]);
            }
            var part = Error("heat maps", maps, heatmapTarget, mask).mul(_heatmapWeight)
                .Plus(Error("fields", fields[stage], fieldTarget, mask).mul(_fieldWeight));
            sum = sum is null ? part : sum.Plus(part);
        }
        return sum!.MoveToOuterDisposeScope();
    }

    private static IReadOnlyList<Tensor> Stages(PoseOutput output, string name)
    {
        _ = output.FinalExtra(name);
        var stages = output.Extras[name];
        return stages.Count == output.Heatmaps.Count
            ? stages
            : throw new ArgumentException($"Expected '{name}' of {output.Heatmaps.Count} stages, given {stages.Count}.", nameof(output));
    }

    private static Tensor Join(string what, Tensor heatmaps, Tensor background)
    {
        var shape = heatmaps.shape;
        return shape.Length == 4 && background.shape.SequenceEqual([shape[0], 1, shape[2], shape[3]])
            ? cat([heatmaps, background], 1)
            : throw new ArgumentException(
                $"The {what}'s heat maps {JointLossShapes.Show(heatmaps)} and background {JointLossShapes.Show(background)} must be [N, K, h, w] and [N, 1, h, w].");
    }

    private static Tensor Error(string what, Tensor prediction, Tensor target, Tensor? mask)
    {
        if (prediction.dim() != 4 || !prediction.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"Predicted {what} {JointLossShapes.Show(prediction)} and their target {JointLossShapes.Show(target)} must have the same shape.");
        }
        var error = prediction.Minus(target);
        var square = error * error;
        if (mask is null)
        {
            return square.mean();
        }
        long[] expected = [prediction.shape[0], 1, prediction.shape[2], prediction.shape[3]];
        return mask.shape.SequenceEqual(expected)
            ? (square * mask).mean()
            : throw new ArgumentException($"Expected a mask [{string.Join(", ", expected)}], given {JointLossShapes.Show(mask)}.");
    }
}
