using Mspn.Core;
using TorchSharp;

namespace Mspn.Testing;

/// <summary>Networks that run in milliseconds.</summary>
public static class TinyNetworks
{
    public static MspnOptions Options { get; } = new()
    {
        InputSize = new ImageSize(64, 64),
        BaseChannels = 4,
        BlocksPerLevel = [1, 1, 1, 1],
        UpsampleChannels = 8,
    };

    /// <summary>An MSPN whose random weights depend on the seed alone.</summary>
    public static MspnNetwork Mspn(MspnOptions? options = null, long seed = 1)
    {
        torch.manual_seed(seed);
        return new MspnNetwork(options ?? Options);
    }
}
