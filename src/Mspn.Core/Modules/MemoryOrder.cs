using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Orders of tensors in memory. TorchSharp does not expose memory formats, but libtorch honours strides, so a permuted copy is all it takes.</summary>
internal static class MemoryOrder
{
    /// <summary>The same tensor with channels side by side in memory; itself if it is so already. It belongs to the caller's dispose scope.</summary>
    /// <param name="tensor"><c>[N, C, h, w]</c>.</param>
    public static Tensor ChannelsLast(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
