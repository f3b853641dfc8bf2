namespace Mspn.Core;

/// <summary>
/// "Stacked Hourglass Networks for Human Pose Estimation" (Newell et al. 2016, arXiv:1603.06937): hourglasses of constant width, each of which
/// also reads the heat maps of the one before it.
/// </summary>
/// <remarks>
/// With <see cref="StackedHourglassOptions.StemChannels"/> of 128 and one residual module at each place it computes what princeton-vl's
/// pytorch_stacked_hourglass computes (whose unused <c>skip_layer</c> convolutions it leaves out), with 256 what bearpaw's pytorch-pose does.
/// </remarks>
public sealed class StackedHourglass : MultiStageNetwork
{
    /// <summary>Two stacks for MPII with fresh random weights.</summary>
    public StackedHourglass()
        : this(new StackedHourglassOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StackedHourglass(StackedHourglassOptions options)
        : base(
            new HourglassStem(PresetOptions.Checked(options).Channels, options.StemChannels),
            Enumerable.Range(0, options.Stacks).Select(_ => SingleStageModule.Hourglass(options.Channels, options.Depth, options.Blocks, options.Increase)),
            options.Keypoints,
            options.CrossStageAggregation ? new CrossStageAggregation() : null,
            options.InputSize,
            place => new ConvolutionHead(place.Channels, place.Maps),
            place => new ResidualLink(place),
            options.Supervision,
            options.CreateExtras())
    {
        Options = options;
    }

    /// <summary>What the network was built from.</summary>
    public StackedHourglassOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;

    /// <summary>A quarter of a cell towards the larger neighbour, as the authors do.</summary>
    protected override HeatmapDecoding UsualDecoding => HeatmapDecoding.SimpleBaseline;
}
