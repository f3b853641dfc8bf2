namespace Mspn.Core;

/// <summary>
/// "Simple Baselines for Human Pose Estimation and Tracking" (Xiao et al. 2018, arXiv:1804.06208): a classification network, transposed
/// convolutions, one convolution.
/// </summary>
/// <remarks>
/// Its targets have a peak of 1. With the default options it computes what the authors' <c>pose_resnet_50</c> computes. With VGG, inputs must be
/// multiples of 32 as with ResNets.
/// </remarks>
public sealed class SimpleBaseline : MultiStageNetwork
{
    private const double InitialDeviation = 0.001; // of the authors' final layer

    /// <summary>ResNet-50 for COCO with fresh random weights.</summary>
    public SimpleBaseline()
        : this(new SimpleBaselineOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SimpleBaseline(SimpleBaselineOptions options)
        : base(
            PresetOptions.Checked(options).Backbone.CreateStem(),
            [options.CreateStage()],
            options.Keypoints,
            inputSize: options.InputSize,
            head: place => new ConvolutionHead(place.Channels, place.Maps, options.FinalKernel, initialDeviation: InitialDeviation),
            supervision: Supervision.EveryStage,
            extras: options.CreateExtras())
    {
        Options = options;
    }

    /// <summary>What the network was built from.</summary>
    public SimpleBaselineOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;

    /// <summary>A quarter of a cell towards the larger neighbour, as the authors do.</summary>
    protected override HeatmapDecoding UsualDecoding => HeatmapDecoding.SimpleBaseline;
}
