namespace Mspn.Core;

/// <summary>
/// MSPN, "Rethinking on Multi-Stage Networks for Human Pose Estimation" (Li et al. 2019, arXiv:1901.00148): a ResNet stem, stages whose
/// channels double on the way down, cross-stage aggregation, and a heat-map head at every scale of every stage.
/// </summary>
/// <remarks>With the default options it computes what the official code's two-stage COCO network computes.</remarks>
public sealed class MspnNetwork : PyramidNetwork
{
    /// <summary>The official two-stage COCO network with fresh random weights.</summary>
    public MspnNetwork()
        : this(new MspnOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MspnNetwork(MspnOptions options)
        : base(PresetOptions.Checked(options))
    {
        Options = options;
    }

    /// <summary>What the network was built from.</summary>
    public MspnOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;
}
