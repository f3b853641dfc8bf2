using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Channels-last layout. TorchSharp does not expose memory formats, but libtorch honours strides, so a permuted copy is all it takes.
/// </summary>
internal static class MemoryLayout
{
    public static void ToChannelsLast(nn.Module module)
    {
        using var noGrad = no_grad();
        foreach (var conv in module.modules().OfType<Conv2d>())
        {
            if (conv.weight is { } old)
            {
                using var scope = NewDisposeScope();
                conv.weight = new Parameter(ToChannelsLast(old.detach()).MoveToOuterDisposeScope(), old.requires_grad);
                old.Dispose();
            }
        }
    }

    public static Tensor ToChannelsLast(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
