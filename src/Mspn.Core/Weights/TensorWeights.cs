using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Tensors in memory, read as if they were a file's. They stay their owner's.</summary>
internal sealed class TensorWeights : WeightFile
{
    /// <summary>Takes live tensors.</summary>
    /// <param name="source">What messages call them instead of a path.</param>
    /// <param name="tensors">Tensors by name; any device, any layout.</param>
    public TensorWeights(string source, IEnumerable<KeyValuePair<string, Tensor>> tensors)
        : base(source)
    {
        foreach (var (name, tensor) in tensors)
        {
            Add(name, new Entry(tensor));
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
    }

    internal override void Fill(WeightEntry entry, Tensor target)
    {
        using var source = ((Entry)entry).Tensor.detach();
        using var view = target.detach();
        view.copy_(source);
    }

    private sealed class Entry(Tensor tensor) : WeightEntry(tensor.dtype, tensor.shape)
    {
        public Tensor Tensor { get; } = tensor;
    }
}
