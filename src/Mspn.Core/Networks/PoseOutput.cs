using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Everything a pose network predicts for a batch: heat maps of each stage at each scale, and whatever else a network gives, by name. The one
/// definition of output: losses, trainer, decoders and estimator know no other.
/// </summary>
/// <remarks>The tensors belong to the dispose scope in which the network was called, or to whoever disposes this object.</remarks>
public sealed class PoseOutput : IDisposable
{
    private static readonly Dictionary<string, IReadOnlyList<Tensor>> NoExtras = [];

    /// <summary>Wraps the tensors.</summary>
    /// <param name="heatmaps">By stage, then by scale from the coarsest to the finest; each <c>[N, K, h, w]</c>, all of one size.</param>
    /// <param name="extras">By name (see <see cref="PoseExtra"/>), then by stage, the last being the prediction; each <c>[N, C, h, w]</c>.</param>
    /// <exception cref="ArgumentException">There is no stage, a stage without a scale, or a name without a tensor.</exception>
    public PoseOutput(IReadOnlyList<IReadOnlyList<Tensor>> heatmaps, IReadOnlyDictionary<string, IReadOnlyList<Tensor>>? extras = null)
    {
        ArgumentNullException.ThrowIfNull(heatmaps);
        if (heatmaps.Count == 0 || heatmaps.Any(stage => stage.Count == 0))
        {
            throw new ArgumentException("A pose output needs at least one stage with at least one scale.", nameof(heatmaps));
        }
        Heatmaps = heatmaps;
        Extras = extras ?? NoExtras;
        if (Extras.FirstOrDefault(e => e.Value.Count == 0) is { Key: { } name })
        {
            throw new ArgumentException($"The extra '{name}' has no tensor.", nameof(extras));
        }
    }

    /// <summary>Heat maps by stage, then by scale from the coarsest to the finest; each <c>[N, K, h, w]</c>.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Heatmaps { get; }

    /// <summary>What the network gives beside heat maps, by name, then by stage; each <c>[N, C, h, w]</c>. Empty for most networks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Tensor>> Extras { get; }

    /// <summary>The prediction: the last stage's finest heat maps, <c>[N, K, h, w]</c>.</summary>
    public Tensor Final => Heatmaps[^1][^1];

    /// <summary>The prediction of an extra: the last stage's, <c>[N, C, h, w]</c>.</summary>
    /// <exception cref="ArgumentException">The network gives none of that name; the message lists what it gives.</exception>
    public Tensor FinalExtra(string name) => Extras.TryGetValue(name, out var stages)
        ? stages[^1]
        : throw new ArgumentException(
            $"The network gives no '{name}'; beside heat maps it gives {(Extras.Count == 0 ? "nothing" : string.Join(", ", Extras.Keys))}.", nameof(name));

    /// <summary>Only the prediction: the final heat maps and the final tensor of each extra. The tensors are the same objects.</summary>
    public PoseOutput FinalOnly() => new([[Final]], Extras.ToDictionary(e => e.Key, e => (IReadOnlyList<Tensor>)[e.Value[^1]], StringComparer.Ordinal));

    /// <summary>Hands all tensors to the dispose scope around the current one.</summary>
    public PoseOutput MoveToOuterDisposeScope()
    {
        foreach (var tensor in Tensors())
        {
            tensor.MoveToOuterDisposeScope();
        }
        return this;
    }

    /// <summary>Disposes all tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors())
        {
            tensor.Dispose();
        }
    }

    // Each once: one that is moved twice would end up one scope too far out.
    private IEnumerable<Tensor> Tensors() =>
        Heatmaps.Concat(Extras.Values).SelectMany(tensors => tensors).Distinct<Tensor>(ReferenceEqualityComparer.Instance);
}
