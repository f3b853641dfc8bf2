using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Moves bytes between streams and the memory of tensors, without copies between.</summary>
internal static class TensorStreams
{
    // A span cannot hold more than 2 GiB.
    private const long MaximumChunk = 1 << 28;

    /// <summary>Hands out a tensor's numbers in row order, whatever its layout and device. The spans are the tensor's own memory or a copy.</summary>
    public static void ForEachRowOrderChunk(Tensor tensor, Action<Span<byte>> use)
    {
        using var scope = NewDisposeScope();
        ForEachChunk(tensor.detach().cpu().contiguous(), use);
    }

    /// <summary>Hands out the memory of a contiguous CPU tensor.</summary>
    public static void ForEachChunk(Tensor tensor, Action<Span<byte>> use)
    {
        var total = tensor.numel();
        if (total == 0)
        {
            return; // no memory to point at
        }
        if (total * tensor.ElementSize <= MaximumChunk)
        {
            use(tensor.bytes);
            GC.KeepAlive(tensor); // a span keeps nothing alive
            return;
        }
        using var scope = NewDisposeScope();
        var flat = tensor.detach().view(-1);
        var step = MaximumChunk / tensor.ElementSize;
        for (var start = 0L; start < total; start += step)
        {
            use(flat.narrow(0, start, Math.Min(step, total - start)).bytes);
        }
    }
}
