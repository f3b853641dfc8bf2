using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What a batch is trained against: the counterpart of <see cref="PoseOutput"/>.</summary>
/// <param name="Heatmaps"><c>[N, L, K, h, w]</c>: heat maps of L kernels, the widest first.</param>
/// <param name="Visibility"><c>[N, K]</c>: COCO's flag 0, 1 or 2 of each keypoint.</param>
/// <remarks>Whoever holds it disposes it.</remarks>
public sealed record PoseTargets(Tensor Heatmaps, Tensor Visibility) : IDisposable
{
    /// <summary>Among <see cref="Extras"/>, what counts: <c>[N, 1, h, w]</c>, 0 where people are not annotated, otherwise 1.</summary>
    public const string Mask = "mask";

    /// <summary>Targets for a network's extras, and what else a loss needs (<see cref="Mask"/>), by name; each <c>[N, C, h, w]</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, Tensor> Extras { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The target called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public Tensor Extra(string name) => Extras.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ArgumentException(
            $"There is no target '{name}'; beside heat maps there is {(Extras.Count == 0 ? "nothing" : string.Join(", ", Extras.Keys))}.", nameof(name));

    /// <summary>The same of other tensors.</summary>
    /// <param name="tensor">Gives one for each.</param>
    internal PoseTargets Select(Func<Tensor, Tensor> tensor) => new(tensor(Heatmaps), tensor(Visibility))
    {
        Extras = Extras.ToDictionary(e => e.Key, e => tensor(e.Value), StringComparer.Ordinal),
    };

    /// <inheritdoc />
    public void Dispose()
    {
        Heatmaps.Dispose();
        Visibility.Dispose();
        foreach (var tensor in Extras.Values)
        {
            tensor.Dispose();
        }
    }
}
