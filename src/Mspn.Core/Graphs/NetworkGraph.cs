using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>A tensor that a graph reads or computes.</summary>
/// <param name="shape">Its shape for a single image.</param>
internal sealed class GraphValue(IReadOnlyList<long> shape)
{
    /// <summary>Its shape for a single image; the first number is the batch's.</summary>
    public IReadOnlyList<long> Shape { get; } = shape;
}

/// <summary>Weights of an operation.</summary>
/// <param name="Name">
/// The name in the network's state dictionary, also of what a pass made of it: where a layer is used twice, two weights may have one name.
/// </param>
/// <param name="Value">The values: the network's own tensor, or one that the graph owns.</param>
internal sealed record GraphWeight(string Name, Tensor Value)
{
    /// <summary>Their shape, which is known even when the values have been freed.</summary>
    public IReadOnlyList<long> Shape { get; } = Value.shape;
}

/// <summary>One operation.</summary>
/// <param name="Name">The module that computes it, and a number where one does so several times; unique in a graph.</param>
/// <param name="Operation">What it computes.</param>
/// <param name="Inputs">Of what.</param>
/// <param name="Output">What comes out.</param>
internal sealed record GraphNode(string Name, GraphOperation Operation, IReadOnlyList<GraphValue> Inputs, GraphValue Output);

/// <summary>
/// What a network computes for its prediction, operation by operation (<see cref="GraphRecorder.Record"/>): the one description that other
/// ways of running it are made from. Normalised crops in; heat maps and extras out.
/// </summary>
/// <remarks>
/// Recorded weights are the network's own tensors: the network must outlive the graph. Passes (<see cref="BatchNormalizationFolding"/>) replace nodes and
/// may add tensors of the graph's own, which are freed with it.
/// </remarks>
/// <param name="input">The images.</param>
/// <param name="outputs">The maps by name.</param>
/// <param name="nodes">In an order in which they can be computed.</param>
internal sealed class NetworkGraph(
    GraphValue input, IReadOnlyDictionary<string, GraphValue> outputs, IReadOnlyList<GraphNode> nodes) : IDisposable
{
    /// <summary>The name of the heat maps among the outputs.</summary>
    public const string Heatmaps = "heatmaps";

    private readonly List<Tensor> _own = [];

    /// <summary>The images, <c>[1, 3, H, W]</c>.</summary>
    public GraphValue Input { get; } = input;

    /// <summary>H and W of the images that it was recorded with.</summary>
    public ImageSize Size => new((int)Input.Shape[2], (int)Input.Shape[3]);

    /// <summary>
    /// The maps by name: <see cref="Heatmaps"/>, the extras in the network's order, and if they were recorded those of stages and scales before the final ones
    /// (<see cref="HeatmapsOf"/>, <see cref="ExtraOf"/>).
    /// </summary>
    public IReadOnlyDictionary<string, GraphValue> Outputs { get; private set; } = outputs;

    /// <summary>The operations that the outputs need, in an order in which they can be computed.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; private set; } = Needed(outputs, nodes);

    /// <summary>The name of heat maps before the final ones.</summary>
    /// <param name="stage">Their stage, from 0.</param>
    /// <param name="scale">Their scale, from 0, the coarsest.</param>
    public static string HeatmapsOf(int stage, int scale) => string.Create(CultureInfo.InvariantCulture, $"{Heatmaps}_{stage}_{scale}");

    /// <summary>The name of an extra before the final one.</summary>
    /// <param name="extra">The extra.</param>
    /// <param name="stage">Its stage, from 0.</param>
    public static string ExtraOf(string extra, int stage) => string.Create(CultureInfo.InvariantCulture, $"{extra}_{stage}");

    /// <summary>For each value, by how many nodes and outputs it is read.</summary>
    public IReadOnlyDictionary<GraphValue, int> CountReaders()
    {
        var readers = new Dictionary<GraphValue, int>();
        foreach (var value in Nodes.SelectMany(node => node.Inputs).Concat(Outputs.Values))
        {
            readers[value] = readers.GetValueOrDefault(value) + 1;
        }
        return readers;
    }

    /// <summary>Puts other nodes in the place of these; what the outputs do not need is dropped.</summary>
    /// <param name="nodes">In an order in which they can be computed.</param>
    /// <param name="replaced">Values that are no longer computed, and those that take their place.</param>
    public void Replace(IEnumerable<GraphNode> nodes, IReadOnlyDictionary<GraphValue, GraphValue> replaced)
    {
        GraphValue Current(GraphValue value)
        {
            while (replaced.TryGetValue(value, out var other))
            {
                value = other;
            }
            return value;
        }

        Outputs = Outputs.ToDictionary(o => o.Key, o => Current(o.Value), StringComparer.Ordinal);
        Nodes = Needed(Outputs, [.. nodes.Select(node => node with { Inputs = [.. node.Inputs.Select(Current)] })]);
    }

    /// <summary>Makes a tensor the graph's own.</summary>
    public GraphWeight Own(string name, Tensor value)
    {
        _own.Add(value.DetachFromDisposeScope());
        return new GraphWeight(name, value);
    }

    /// <inheritdoc />
    public void Dispose() => _own.ForEach(tensor => tensor.Dispose());

    private static List<GraphNode> Needed(IReadOnlyDictionary<string, GraphValue> outputs, IReadOnlyList<GraphNode> nodes)
    {
        var needed = outputs.Values.ToHashSet();
        var kept = new List<GraphNode>();
        foreach (var node in nodes.Reverse().Where(node => needed.Contains(node.Output)))
        {
            needed.UnionWith(node.Inputs);
            kept.Add(node);
        }
        kept.Reverse();
        return kept;
    }
}
