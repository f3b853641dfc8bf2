using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Computes a <see cref="NetworkGraph"/> as TorchScript for images of one size.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class ScriptRunner : IDisposable
{
    private readonly jit.ScriptModule _module;
    private readonly ScriptWeights _weights;
    private readonly string[] _names;

    /// <param name="graph">The graph, of which only the operations are read.</param>
    /// <param name="weights">The copies of its weights to compute with; they stay the caller's.</param>
    /// <param name="size">The size of images.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">This libtorch cannot compute it so.</exception>
    public ScriptRunner(NetworkGraph graph, ScriptWeights weights, ImageSize size)
    {
        (_weights, _names) = (weights, [.. graph.Outputs.Keys]);
        _module = ScriptModules.Load(("forward", "x: Tensor, w: List[Tensor]", "List[Tensor]", ScriptWriter.Write(graph, size).Code));
    }

    /// <summary>Computes the outputs.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c> of the runner's size, any type and device.</param>
    /// <returns>The maps by name, of the images' type and on their device; they belong to the caller's dispose scope.</returns>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor images)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var input = images.to(_weights.Type, _weights.Device);
        if (_weights.ChannelsLast)
        {
            input = MemoryOrder.ChannelsLast(input);
        }
        var outputs = (Tensor[])_module.invoke("forward", input, _weights.Values);
        return _names.Zip(outputs).ToDictionary(
            o => o.First, o => o.Second.to(images.dtype, images.device).contiguous().MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public void Dispose() => _module.Dispose();
}
