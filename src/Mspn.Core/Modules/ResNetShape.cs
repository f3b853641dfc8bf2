namespace Mspn.Core;

/// <summary>The kinds of blocks that a ResNet-like encoder is made of.</summary>
public enum ResNetBlock
{
    /// <summary><see cref="Mspn.Core.Bottleneck"/> with the stride on its 3×3 convolution (torchvision, the official MSPN code).</summary>
    Bottleneck,

    /// <summary><see cref="Mspn.Core.Bottleneck"/> with the stride on its first convolution (Caffe).</summary>
    CaffeBottleneck,

    /// <summary><see cref="BasicBlock"/>, two 3×3 convolutions.</summary>
    Basic,
}

/// <summary>Which blocks a ResNet-like encoder has, and how many on each level.</summary>
/// <param name="Block">The kind of block.</param>
/// <param name="BlocksPerLevel">Number of blocks on each level, finest first.</param>
public sealed record ResNetShape(ResNetBlock Block, IReadOnlyList<int> BlocksPerLevel)
{
    /// <summary>Output channels per inner channel of bottlenecks. Default 4.</summary>
    public int Expansion { get; init; } = Bottleneck.DefaultExpansion;

    /// <summary>The published ResNet of a depth (He et al. 2016, table 1).</summary>
    /// <param name="depth">18, 34, 50, 101 or 152.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such ResNet.</exception>
    public static ResNetShape OfDepth(int depth) => depth switch
    {
        18 => new(ResNetBlock.Basic, [2, 2, 2, 2]),
        34 => new(ResNetBlock.Basic, [3, 4, 6, 3]),
        50 => new(ResNetBlock.Bottleneck, [3, 4, 6, 3]),
        101 => new(ResNetBlock.Bottleneck, [3, 4, 23, 3]),
        152 => new(ResNetBlock.Bottleneck, [3, 8, 36, 3]),
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There are ResNets of depth 18, 34, 50, 101 and 152."),
    };

    /// <summary>A block of this kind.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="width">Inner channels; a bottleneck has <see cref="Expansion"/> times as many outputs.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="bias">Whether convolutions have biases.</param>
    public ResidualBlock Create(int inChannels, int width, int stride, bool bias) => Block switch
    {
        ResNetBlock.Basic => new BasicBlock(inChannels, width, stride, bias),
        var kind => new Bottleneck(inChannels, width, stride, bias, Expansion, strideFirst: kind == ResNetBlock.CaffeBottleneck),
    };
}
