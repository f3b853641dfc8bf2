using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Copies of a graph's weights, laid out for <see cref="ScriptRunner"/>.</summary>
internal sealed class ScriptWeights : IDisposable
{
    private ScriptWeights(Tensor[] values, ScalarType type, Device device, bool channelsLast)
    {
        (Values, Type, Device, ChannelsLast) = (values, type, device, channelsLast);
        Array.ForEach(values, value => value.DetachFromDisposeScope());
    }

    /// <summary>The tensors in the order in which <see cref="ScriptWriter"/> lists them.</summary>
    public Tensor[] Values { get; }

    /// <summary>What convolutions compute in.</summary>
    public ScalarType Type { get; }

    /// <summary>Where.</summary>
    public Device Device { get; }

    /// <summary>Whether channels lie side by side, in weights and images.</summary>
    public bool ChannelsLast { get; }

    /// <summary>Copies the weights: normalisations left in their own type, since they are few numbers.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">What convolutions are to compute in.</param>
    /// <param name="pack">
    /// The size of images for which the weights of fused convolutions are sorted into oneDNN's own blocks, which takes the place of the plain order; null to leave
    /// them, for images of several sizes.
    /// </param>
    /// <param name="channelsLast">Whether channels are to lie side by side.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">This libtorch does not have oneDNN's convolutions.</exception>
    public static ScriptWeights Copy(NetworkGraph graph, ScalarType type, ImageSize? pack, bool channelsLast)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var weights = ScriptWriter.Write(graph).Weights;
        var packed = pack is { } size ? Packed(graph, type, size) : [];
        var normalisations = graph.Nodes.Select(node => node.Operation).OfType<BatchNormalizationOperation>()
            .SelectMany(norm => (IEnumerable<GraphWeight>)[norm.Scale, norm.Shift, norm.Mean, norm.Variance])
            .ToHashSet<GraphWeight>(ReferenceEqualityComparer.Instance);
        var values = weights.Select(weight => packed.TryGetValue(weight, out var made) ? made : Plain(weight.Value, normalisations.Contains(weight) ? null : type, channelsLast));
        return new ScriptWeights([.. values], type, weights.Count > 0 ? weights[0].Value.device : CPU, channelsLast);
    }

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(Values, value => value.Dispose());

    // A copy in any case: the network may go on changing its own.
    private static Tensor Plain(Tensor weight, ScalarType? type, bool channelsLast)
    {
        var copy = weight.detach().to(type ?? weight.dtype, copy: true);
        return channelsLast && copy.dim() == 4 ? MemoryOrder.ChannelsLast(copy) : copy;
    }

    private static Dictionary<GraphWeight, Tensor> Packed(NetworkGraph graph, ScalarType type, ImageSize size)
    {
        var convolutions = graph.Nodes.Where(node => node.Operation is FusedConvolutionOperation)
            .Select(node => (Input: node.Inputs[0].Shape, ((FusedConvolutionOperation)node.Operation).Convolution))
            .DistinctBy(c => c.Convolution.Weight, ReferenceEqualityComparer.Instance).ToArray();
        if (convolutions.Length == 0)
        {
            return [];
        }
        var calls = convolutions.Select((c, i) =>
        {
            // For single images; other batches are computed with the same blocks.
            long[] shape = [1, c.Input[1], c.Input[2] * size.Height / graph.Size.Height, c.Input[3] * size.Width / graph.Size.Width];
            var o = c.Convolution;
            return $"ops.mkldnn._reorder_convolution_weight(w[{i}], {List(o.Padding)}, {List(o.Stride)}, {List(o.Dilation)}, {o.Groups}, {List(shape)})";
        });
        var packer = ScriptModules.Get("w: List[Tensor]", $"    return [{string.Join(", ", calls)}]\n");
        object plain = convolutions.Select(c => c.Convolution.Weight.Value.detach().to(type)).ToArray();
        var packed = (Tensor[])packer.invoke("forward", plain);
        return convolutions.Zip(packed).ToDictionary(
            p => p.First.Convolution.Weight, p => p.Second, (IEqualityComparer<GraphWeight>)ReferenceEqualityComparer.Instance);

        static string List(IReadOnlyList<long> numbers) => $"[{string.Join(", ", numbers)}]";
    }
}
