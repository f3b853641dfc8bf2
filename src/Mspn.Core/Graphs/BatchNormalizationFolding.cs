using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Folds each batch normalisation into the convolution, transposed convolution or linear layer whose output it alone reads: their weights are multiplied, in
/// double precision, by what the normalisation multiplies channels by.
/// </summary>
internal static class BatchNormalizationFolding
{
    /// <summary>Changes a graph.</summary>
    public static void Apply(NetworkGraph graph)
    {
        using var noGradients = no_grad();
        var readers = graph.CountReaders();
        var makers = graph.Nodes.ToDictionary(node => node.Output);
        var nodes = new List<GraphNode>();
        var replaced = new Dictionary<GraphValue, GraphValue>();
        var folded = new Dictionary<GraphNode, GraphNode>();
        foreach (var node in graph.Nodes)
        {
            if (node.Operation is BatchNormalizationOperation norm
                && readers[node.Inputs[0]] == 1
                && makers.TryGetValue(node.Inputs[0], out var maker)
                && maker.Operation is WeightedOperation { OutputDimension: { } dimension } layer
                && CountsTheSameChannels(layer, node.Inputs[0]))
            {
                folded.Add(maker, maker with { Operation = Fold(graph, layer, norm, dimension) });
                replaced.Add(node.Output, maker.Output);
            }
            else
            {
                nodes.Add(node);
            }
        }
        graph.Replace(nodes.Select(node => folded.GetValueOrDefault(node, node)), replaced);
    }

    // A linear layer's channels are the last dimension of its output, those of a normalisation are the second.
    private static bool CountsTheSameChannels(WeightedOperation layer, GraphValue output) => layer is not LinearOperation || output.Shape.Count == 2;

    private static WeightedOperation Fold(NetworkGraph graph, WeightedOperation layer, BatchNormalizationOperation norm, int dimension)
    {
        using var scope = NewDisposeScope();
        using Scalar epsilon = norm.Epsilon;
        var weight = layer.Weight.Value;
        var factor = Wide(norm.Scale) / Wide(norm.Variance).Plus(epsilon).sqrt();
        var bias = layer.Bias is null ? zeros_like(factor) : Wide(layer.Bias);
        var shape = Enumerable.Repeat(1L, (int)weight.dim()).ToArray();
        shape[dimension] = -1;
        return layer with
        {
            Weight = graph.Own(layer.Weight.Name, (weight.detach().to(ScalarType.Float64) * factor.reshape(shape)).to(weight.dtype)),
            Bias = graph.Own(
                layer.Bias?.Name ?? $"{layer.Weight.Name}_shift", bias.Minus(Wide(norm.Mean)).mul_(factor).PlusInPlace(Wide(norm.Shift)).to(weight.dtype)),
        };
    }

    private static Tensor Wide(GraphWeight weight) => weight.Value.detach().to(ScalarType.Float64);
}
