namespace Mspn.Core;

/// <summary>
/// RSN, "Learning Delicate Local Representations for Multi-Person Pose Estimation" (Cai et al. 2020, arXiv:2003.04030): MSPN's arrangement with
/// residual-steps blocks, and a pose-refine machine on top if wanted.
/// </summary>
/// <remarks>With the default options it computes what the official code's RSN-18 for COCO computes.</remarks>
public sealed class ResidualStepsNetwork : PyramidNetwork
{
    /// <summary>The official RSN-18 for COCO with fresh random weights.</summary>
    public ResidualStepsNetwork()
        : this(new ResidualStepsOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ResidualStepsNetwork(ResidualStepsOptions options)
        : base(PresetOptions.Checked(options))
    {
        Options = options;
    }

    /// <summary>What the network was built from.</summary>
    public ResidualStepsOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;
}
