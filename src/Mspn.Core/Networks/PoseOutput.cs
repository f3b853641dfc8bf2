using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Everything a pose network predicts for a batch: heat maps of each stage at each scale.</summary>
/// <remarks>The tensors belong to the dispose scope in which the network was called, or to whoever disposes this object.</remarks>
public sealed class PoseOutput : IDisposable
{
    /// <summary>Wraps the heat maps.</summary>
    /// <param name="heatmaps">By stage, then by scale from the coarsest to the finest; each <c>[N, K, h, w]</c>, all of one size.</param>
    public PoseOutput(IReadOnlyList<IReadOnlyList<Tensor>> heatmaps)
    {
        ArgumentNullException.ThrowIfNull(heatmaps);
        if (heatmaps.Count == 0 || heatmaps.Any(stage => stage.Count == 0))
        {
            throw new ArgumentException("A pose output needs at least one stage with at least one scale.", nameof(heatmaps));
        }
        Heatmaps = heatmaps;
    }

    /// <summary>Heat maps by stage, then by scale from the coarsest to the finest; each <c>[N, K, h, w]</c>.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Heatmaps { get; }

    /// <summary>The prediction: the last stage's finest heat maps, <c>[N, K, h, w]</c>.</summary>
    public Tensor Final => Heatmaps[^1][^1];

    /// <summary>Hands all tensors to the dispose scope around the current one.</summary>
    public PoseOutput MoveToOuterDisposeScope()
    {
        foreach (var map in Heatmaps.SelectMany(stage => stage))
        {
            map.MoveToOuterDisposeScope();
        }
        return this;
    }

    /// <summary>Disposes all tensors.</summary>
    public void Dispose()
    {
        foreach (var map in Heatmaps.SelectMany(stage => stage))
        {
            map.Dispose();
        }
    }
}
