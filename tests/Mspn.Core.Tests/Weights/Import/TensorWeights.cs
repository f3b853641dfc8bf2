using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

/// <summary>Tensors in memory as if they stood in a file; without tensors, only their names and shapes.</summary>
internal sealed class TensorWeights : WeightFile
{
    private readonly Dictionary<WeightEntry, Tensor> _tensors = [];

    public TensorWeights(IEnumerable<(string Name, Tensor Tensor)> tensors)
        : base("memory.pth")
    {
        foreach (var (name, tensor) in tensors)
        {
            var entry = new Entry(tensor.dtype, tensor.shape);
            Add(name, entry);
            _tensors.Add(entry, tensor);
        }
    }

    public TensorWeights(IEnumerable<(string Name, long[] Shape)> shapes)
        : base("names.pth")
    {
        foreach (var (name, shape) in shapes)
        {
            Add(name, new Entry(ScalarType.Float32, shape));
        }
    }

    /// <summary>A network's tensors under another code base's names; those that the map does not cover are left out.</summary>
    public static TensorWeights Of(nn.Module module, KeyMap keys) => new(NetworkWeights.Of(module)
        .Select(p => (Name: keys.Theirs(p.Key), Tensor: p.Value)).Where(p => p.Name is not null).Select(p => (p.Name!, p.Tensor)));

    public override void Dispose()
    {
    }

    internal override void Fill(WeightEntry entry, Tensor target)
    {
        using var noGrad = no_grad();
        target.copy_(_tensors[entry]);
    }

    private sealed class Entry(ScalarType type, long[] shape) : WeightEntry(type, shape);
}
