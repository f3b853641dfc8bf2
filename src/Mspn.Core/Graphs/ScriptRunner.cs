using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Computes a <see cref="NetworkGraph"/> as TorchScript.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class ScriptRunner
{
    private readonly jit.ScriptModule _module;
    private readonly NetworkGraph _graph;
    private readonly ScriptWeights _weights;
    private readonly IReadOnlyList<ResizeOperation> _resizes;
    private readonly object[] _recordedSizes;
    private readonly string[] _names;

    /// <param name="graph">The graph, of which only operations and shapes are read, also later.</param>
    /// <param name="weights">The copies of its weights to compute with; they stay the caller's.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">This libtorch cannot compute it so.</exception>
    public ScriptRunner(NetworkGraph graph, ScriptWeights weights)
    {
        var script = ScriptWriter.Write(graph);
        (_graph, _weights, _resizes, _names) = (graph, weights, script.Resizes, [.. graph.Outputs.Keys]);
        _recordedSizes = SizesFor(graph.Size);
        _module = ScriptModules.Get(script.Parameters, script.Body);
    }

    /// <summary>Computes the outputs.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c> of a size that the network takes, any type and device.</param>
    /// <returns>The maps by name, of the images' type and on their device; they belong to the caller's dispose scope.</returns>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor images)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var size = new ImageSize((int)images.shape[2], (int)images.shape[3]);
        var input = images.to(_weights.Type, _weights.Device);
        if (_weights.ChannelsLast)
        {
            input = MemoryOrder.ChannelsLast(input);
        }
        var outputs = (Tensor[])_module.invoke("forward", [input, _weights.Values, .. size == _graph.Size ? _recordedSizes : SizesFor(size)]);
        return _names.Zip(outputs).ToDictionary(
            o => o.First, o => o.Second.to(images.dtype, images.device).contiguous().MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    private object[] SizesFor(ImageSize size)
    {
        var sizes = new GraphSizes(_graph, size);
        return [.. _resizes.Select(sizes.Of).SelectMany(made => (IEnumerable<object>)[made.Height, made.Width])];
    }
}
