using System.Text.Json.Serialization;

namespace Mspn.Core;

/// <summary>Families of image classification networks that a pose network can start from.</summary>
public enum BackboneFamily
{
    /// <summary>ResNet as in torchvision: a bottleneck's stride is on its 3×3 convolution.</summary>
    ResNet,

    /// <summary>ResNet as in Caffe: a bottleneck's stride is on its first convolution.</summary>
    CaffeResNet,

    /// <summary>VGG, without normalisation.</summary>
    Vgg,
}

/// <summary>A published image classification network as stem and encoder.</summary>
/// <param name="Family">The family.</param>
/// <param name="Depth">18, 34, 50, 101 or 152 for ResNets, 16 or 19 for VGG.</param>
public sealed record Backbone(BackboneFamily Family, int Depth)
{
    /// <summary>Width of the first level. Default 64, as published.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>Blocks per level in place of the published ones of that depth; ResNets only. Default null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? BlocksPerLevel { get; init; }

    /// <summary>ResNet as in torchvision.</summary>
    public static Backbone ResNet(int depth) => new(BackboneFamily.ResNet, depth);

    /// <summary>VGG as in torchvision.</summary>
    public static Backbone Vgg(int depth) => new(BackboneFamily.Vgg, depth);

    /// <summary>Number of resolutions.</summary>
    internal int Levels => Family == BackboneFamily.Vgg ? 4 : Shape().BlocksPerLevel.Count;

    internal NetworkStem CreateStem() => Family == BackboneFamily.Vgg ? new VggStem(BaseChannels) : new ResNetStem(BaseChannels, bias: false);

    internal StageEncoder CreateEncoder() => Family == BackboneFamily.Vgg
        ? Core.Vgg.Encoder(Depth, BaseChannels)
        : StageEncoder.ResNet(Shape(), BaseChannels, bias: false);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BaseChannels, 1);
        _ = Family == BackboneFamily.Vgg ? Core.Vgg.Blocks(Depth) : Shape().BlocksPerLevel;
        if (BlocksPerLevel is null)
        {
            return;
        }
        if (Family == BackboneFamily.Vgg)
        {
            throw new ArgumentException($"{nameof(BlocksPerLevel)} is for ResNets; VGG's blocks follow from its depth.");
        }
        PoseNetworkOptions.CheckPositive(nameof(BlocksPerLevel), BlocksPerLevel);
    }

    internal ResNetShape Shape()
    {
        var published = ResNetShape.OfDepth(Depth);
        return published with
        {
            Block = Family == BackboneFamily.CaffeResNet && published.Block == ResNetBlock.Bottleneck ? ResNetBlock.CaffeBottleneck : published.Block,
            BlocksPerLevel = BlocksPerLevel ?? published.BlocksPerLevel,
        };
    }
}
