namespace Mspn.Core;

/// <summary>
/// OpenPose, "Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields" (Cao et al. 2017, arXiv:1611.08050): bottom-up. Every stage gives
/// heat maps of all people's keypoints and fields along their limbs, and reads those of the stage before.
/// </summary>
/// <remarks>
/// Extras: <see cref="PoseExtra.AffinityFields"/> and <see cref="PoseExtra.Background"/>; heat maps are an eighth of the input, their peak is 1. With
/// the default options and <see cref="OpenPoseOptions.RectifyHeatmaps"/> it computes what Hzzone's pytorch-openpose computes for bodies.
/// </remarks>
public sealed class OpenPose : MultiStageNetwork
{
    /// <summary>The body network with fresh random weights.</summary>
    public OpenPose()
        : this(new OpenPoseOptions())
    {
    }

    /// <summary>Builds the network with fresh random weights.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentException">An option is out of range, or limbs do not fit the keypoints.</exception>
    public OpenPose(OpenPoseOptions options)
        : base(
            new OpenPoseStem(PresetOptions.Checked(options).Channels, options.BaseChannels),
            Enumerable.Range(0, options.Stages).Select(stage => options.CreateStage(stage, InChannels(options, stage))),
            options.Keypoints,
            inputSize: options.InputSize,
            head: options.CreateHead,
            link: place => new ConcatenationLink(place),
            supervision: Supervision.EveryStage,
            extras: options.CreateExtras())
    {
        Options = options;
        Layout = options.CreateLayout();
    }

    /// <summary>What the network was built from.</summary>
    public OpenPoseOptions Options { get; }

    /// <inheritdoc />
    protected override PoseNetworkOptions RebuiltFrom => Options;

    /// <summary>The limbs of the affinity fields.</summary>
    public LimbLayout Layout { get; }

    /// <summary>A <see cref="PartAffinityDecoder"/> with the reference's thresholds, which are for maps with a peak of 1 whatever the input says.</summary>
    public override IPoseDecoder CreateDecoder(PoseInput input) => new PartAffinityDecoder(Layout);

    private static int InChannels(OpenPoseOptions options, int stage) => stage == 0
        ? options.Channels
        : options.Channels + options.Keypoints.Count + options.CreateExtras().Sum(e => e.Channels);
}
