namespace Mspn.Core;

/// <summary>
/// CPN, "Cascaded Pyramid Network for Multi-Person Pose Estimation" (Chen et al. 2018, arXiv:1711.07319): a ResNet with a feature pyramid
/// (GlobalNet) whose every scale gives heat maps, and a RefineNet over all scales, which learns the hard keypoints.
/// </summary>
/// <remarks>
/// Output: GlobalNet's four scales are the first stage, RefineNet's heat maps the second with a single scale. With the default options it computes
/// what pytorch-cpn's CPN50 computes.
/// </remarks>
public sealed class CascadedPyramidNetwork : MultiStageNetwork
{
    /// <summary>CPN-50 for COCO with fresh random weights.</summary>
    public CascadedPyramidNetwork()
        : this(new CascadedPyramidOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public CascadedPyramidNetwork(CascadedPyramidOptions options)
        : base(
            PresetOptions.Checked(options).Backbone.CreateStem(),
            [options.CreateGlobalNet()],
            options.Keypoints,
            inputSize: options.InputSize,
            head: place => place.Extra is null
                ? new HeatmapHead(place.Channels, place.Maps, bias: false, normalizeEnlarged: true)
                : new ConvolutionHead(place.Channels, place.Maps),
            extras: options.CreateExtras(),
            refinement: (channels, maps) => new RefineNet(channels, maps, options.RefineChannels))
    {
        Options = options;
    }

    /// <summary>What the network was built from.</summary>
    public CascadedPyramidOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;
}
