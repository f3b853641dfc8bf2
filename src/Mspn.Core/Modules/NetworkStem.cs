using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>What comes before the first stage.</summary>
/// <remarks>Input <c>[N, 3, H, W]</c>, output <c>[N, OutChannels, H/Stride, W/Stride]</c> where both are multiples of the stride.</remarks>
public abstract class NetworkStem(string name) : Module<Tensor, Tensor>(name)
{
    /// <summary>Channels of the output.</summary>
    public abstract int OutChannels { get; }

    /// <summary>Input pixels per output cell, along each side. Default 4.</summary>
    public virtual int Stride => 4;
}
