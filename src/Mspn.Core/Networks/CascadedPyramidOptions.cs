namespace Mspn.Core;

/// <summary>What a cascaded pyramid network is made of. The defaults are CPN-50 for COCO.</summary>
public sealed record CascadedPyramidOptions : PoseNetworkOptions
{
    /// <summary>What it starts from. Default ResNet-50; the paper also has ResNet-101.</summary>
    public Backbone Backbone { get; init; } = Backbone.ResNet(50);

    /// <summary>Channels of GlobalNet's levels. Default 256.</summary>
    public int PyramidChannels { get; init; } = 256;

    /// <summary>Inner channels of RefineNet's bottlenecks. Default 128.</summary>
    public int RefineChannels { get; init; } = 128;

    /// <inheritdoc />
    public override IPoseNetwork Build() => new CascadedPyramidNetwork(this);

    /// <inheritdoc />
    public override CascadedPyramidOptions Validated()
    {
        CheckPositive((nameof(PyramidChannels), PyramidChannels), (nameof(RefineChannels), RefineChannels));
        ArgumentNullException.ThrowIfNull(Backbone, nameof(Backbone));
        Backbone.Validate();
        return this;
    }

    internal SingleStageModule CreateGlobalNet()
    {
        var encoder = Backbone.CreateEncoder();
        return new SingleStageModule(encoder, new PyramidDecoder(encoder.Channels, PyramidChannels, bias: false, reluBeforeSum: true));
    }
}
