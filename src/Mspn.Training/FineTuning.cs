using System.IO.Enumeration;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>Starts a network from another one's weights where the two differ in their heads, as for other keypoints.</summary>
/// <remarks>Shapes alone decide what differs: the heads of as many other keypoints, or of the same ones in another order, are taken as they are.</remarks>
public static class FineTuning
{
    /// <summary>Layers that may differ by default: heads, and what reads their maps.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["heads.*", "links.*", "refinement.*"];

    /// <summary>Copies the weights of a model file, or of a checkpoint that <see cref="CheckpointImport"/> recognises.</summary>
    /// <inheritdoc cref="Load(IPoseNetwork, IPoseNetwork, IReadOnlyList{string}?)" />
    /// <param name="network">Receives the weights; layers that the file does not have in this shape stay as they are.</param>
    /// <param name="path">The file.</param>
    /// <param name="mayDiffer">Layers that need not be in the file.</param>
    public static ImportReport Load(IPoseNetwork network, string path, IReadOnlyList<string>? mayDiffer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var model = PoseModelFile.Load(path);
        return Load(network, model.Network, path, mayDiffer);
    }

    /// <summary>Copies the weights of another network.</summary>
    /// <param name="network">Receives the weights; layers that the other one does not have in this shape stay as they are.</param>
    /// <param name="source">The other network.</param>
    /// <param name="mayDiffer">
    /// Layers that need not be in the source, as patterns of names with <c>*</c> for any characters. Default <see cref="Heads"/>. A layer is taken as a whole:
    /// if one of its tensors has another shape, all of them stay.
    /// </param>
    /// <returns>What was loaded; <see cref="ImportReport.Untouched"/> are the network's tensors that stay, <see cref="ImportReport.Ignored"/> the source's that go nowhere.</returns>
    /// <exception cref="PoseDataException">Other layers than these differ, or all do; nothing was changed, and the message lists them.</exception>
    public static ImportReport Load(IPoseNetwork network, IPoseNetwork source, IReadOnlyList<string>? mayDiffer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        return Load(network, source, source.GetType().Name, mayDiffer);
    }

    private static ImportReport Load(IPoseNetwork network, IPoseNetwork source, string name, IReadOnlyList<string>? mayDiffer)
    {
        var (own, theirs) = (NetworkWeights.Of(network.Module), NetworkWeights.Of(source.Module));
        var fitting = own.GroupBy(t => Layer(t.Key)).Where(layer =>
        {
            var common = layer.Where(t => theirs.ContainsKey(t.Key)).ToArray();
            return common.Length > 0 && common.All(t => t.Value.shape.SequenceEqual(theirs[t.Key].shape));
        }).Select(layer => layer.Key).ToHashSet(StringComparer.Ordinal);
        string[] wrong =
        [
            .. own.Keys.Where(n => !fitting.Contains(Layer(n)) && !(mayDiffer ?? Heads).Any(p => FileSystemName.MatchesSimpleExpression(p, n, ignoreCase: false))),
        ];
        if (wrong.Length > 0)
        {
            throw new PoseDataException(name, $"layers differ that should be the same: {ImportReport.Show("tensors", wrong)}.");
        }
        using var weights = new TensorWeights(name, theirs);
        return WeightImport.Load(network.Module, weights, new KeyMap("the same network", fitting.Select(layer => (layer, layer))), part: true);
    }

    // A name up to and including its last dot.
    private static string Layer(string name) => name[..(name.LastIndexOf('.') + 1)];
}
