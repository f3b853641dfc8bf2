using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>The mean squared error of every map that a network gives.</summary>
internal sealed class EveryMapLoss : IPoseLoss
{
    /// <summary>A bump of height 4 in every map, which no network starts with.</summary>
    public static PoseTargets Targets(IPoseNetwork network, int batch)
    {
        var (keypoints, size) = (network.Keypoints.Count, network.HeatmapSize);
        return new PoseTargets(Bumps(batch, keypoints, size).unsqueeze(1), full([batch, keypoints], 2f))
        {
            Extras = network.Extras.ToDictionary(e => e.Name, e => Bumps(batch, e.Channels, size)),
        };
    }

    public Tensor Compute(PoseOutput output, PoseTargets targets)
    {
        using var scope = NewDisposeScope();
        var heatmaps = targets.Heatmaps.select(1, 0);
        var parts = output.Heatmaps.SelectMany(stage => stage).Select(maps => nn.functional.mse_loss(maps, heatmaps))
            .Concat(output.Extras.SelectMany(extra => extra.Value.Select(maps => nn.functional.mse_loss(maps, targets.Extra(extra.Key)))));
        return stack([.. parts]).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Bumps(int batch, int maps, ImageSize size)
    {
        using var scope = NewDisposeScope();
        var x = arange(size.Width, ScalarType.Float32).sub(size.Width / 2f).square();
        var y = arange(size.Height, ScalarType.Float32).sub(size.Height / 2f).square();
        var bump = (x.unsqueeze(0) + y.unsqueeze(1)).div(-0.1f * size.Width * size.Width).exp().mul(4);
        return bump.expand(batch, maps, size.Height, size.Width).contiguous().MoveToOuterDisposeScope();
    }
}
