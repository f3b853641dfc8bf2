namespace Mspn.Core;

/// <summary>What an MSPN is made of. The defaults are the official two-stage COCO network (56.9 M parameters).</summary>
public sealed record MspnOptions : PyramidNetworkOptions
{
    /// <summary>The official two-stage COCO network: ResNet-50's blocks, <c>[3, 4, 6, 3]</c>.</summary>
    public MspnOptions()
    {
        Stages = 2;
        BlocksPerLevel = [3, 4, 6, 3];
    }

    /// <summary>Kind of blocks. Default bottlenecks.</summary>
    public ResNetBlock Block { get; init; }

    /// <summary>Output channels per inner channel of bottlenecks, at least 1. Default 4. RSN's baseline "Res-18" has 1.</summary>
    public int Expansion { get; init; } = Bottleneck.DefaultExpansion;

    /// <inheritdoc />
    public override IPoseNetwork Build() => new MspnNetwork(this);

    /// <inheritdoc />
    public override MspnOptions Validated()
    {
        CheckPyramid();
        CheckPositive((nameof(Expansion), Expansion));
        return this;
    }

    internal override StageEncoder CreateEncoder() =>
        StageEncoder.ResNet(new ResNetShape(Block, BlocksPerLevel) { Expansion = Expansion }, BaseChannels, ConvolutionBias);
}
