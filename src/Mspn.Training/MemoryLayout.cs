using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>Lays a network's weights out for the processor.</summary>
internal static class MemoryLayout
{
    /// <summary>Puts the weights of convolutions in the order of <see cref="MemoryOrder.ChannelsLast"/>.</summary>
    public static void ToChannelsLast(nn.Module module)
    {
        using var noGrad = no_grad();
        foreach (var conv in module.modules().OfType<Conv2d>())
        {
            if (conv.weight is { } old)
            {
                using var scope = NewDisposeScope();
                conv.weight = new Parameter(MemoryOrder.ChannelsLast(old.detach()).MoveToOuterDisposeScope(), old.requires_grad);
                old.Dispose();
            }
        }
    }
}
