using System.Text.Json.Serialization;

namespace Mspn.Core;

/// <summary>What an OpenPose network is made of. The defaults are the body network of six stages for 18 keypoints and 19 limbs.</summary>
public sealed record OpenPoseOptions : PoseNetworkOptions
{
    private const int FirstConvolutions = 3;
    private const int FurtherConvolutions = 5;
    private const int FirstKernel = 3;

    /// <summary>The body network: OpenPose's 18 keypoints, 368×368.</summary>
    public OpenPoseOptions()
    {
        Keypoints = KeypointSchemas.OpenPose18;
        InputSize = new ImageSize(368, 368);
    }

    /// <summary>
    /// The limbs that fields are given for. Default null: <see cref="LimbLayout.OpenPose18"/> for those keypoints, otherwise those of the
    /// keypoints' skeleton.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Limb>? Limbs { get; init; }

    /// <summary>Number of stages, at least 1. Default 6.</summary>
    public int Stages { get; init; } = 6;

    /// <summary>Channels of VGG's first block. Default 64.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>Channels of the stem's output and of the stages' convolutions. Default 128.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Channels of the first stage's last convolution before its heads. Default 512.</summary>
    public int FirstStageChannels { get; init; } = 512;

    /// <summary>Kernel size of the later stages' convolutions, odd. Default 7.</summary>
    public int Kernel { get; init; } = 7;

    /// <summary>
    /// Whether the last stage's heat maps go through a ReLU, as in the widely used pytorch-openpose, whose list of layers without one names another
    /// layer twice. Default false: a ReLU there can keep a network from learning.
    /// </summary>
    public bool RectifyHeatmaps { get; init; }

    /// <inheritdoc />
    public override IPoseNetwork Build() => new OpenPose(this);

    /// <inheritdoc />
    public override OpenPoseOptions Validated()
    {
        CheckPositive(
            (nameof(Stages), Stages), (nameof(BaseChannels), BaseChannels), (nameof(Channels), Channels),
            (nameof(FirstStageChannels), FirstStageChannels), (nameof(Kernel), Kernel));
        if (Kernel % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, "A kernel that keeps the size is odd.");
        }
        return this;
    }

    /// <summary>The limbs as a layout.</summary>
    /// <exception cref="ArgumentException">They do not fit the keypoints.</exception>
    public LimbLayout CreateLayout() => Limbs is not null ? new LimbLayout(Keypoints, Limbs)
        : Keypoints.HasSameKeypoints(KeypointSchemas.OpenPose18) ? LimbLayout.OpenPose18
        : LimbLayout.FromSkeleton(Keypoints);

    internal override IReadOnlyList<PoseExtra> CreateExtras() =>
        [PoseExtra.OfAffinityFields(CreateLayout()), PoseExtra.OfBackground(), .. base.CreateExtras()];

    internal SingleStageModule CreateStage(int stage, int inChannels)
    {
        var branches = stage == 0
            ? new TwinBranches(
                inChannels, [.. Vgg.Repeat(Channels, FirstConvolutions), FirstStageChannels], [.. Vgg.Repeat(FirstKernel, FirstConvolutions), 1])
            : new TwinBranches(inChannels, Vgg.Repeat(Channels, FurtherConvolutions + 1), [.. Vgg.Repeat(Kernel, FurtherConvolutions), 1]);
        var encoder = new StageEncoder(inChannels, new EncoderLevel(branches, 2 * branches.Channels));
        return new SingleStageModule(encoder, new PassingDecoder(encoder.Channels));
    }

    // The fields' head reads the first branch, the heat maps' the second, an offset head both.
    internal PoseHead CreateHead(HeadPlace place) => place.Extra switch
    {
        null => new ConvolutionHead(
            place.Channels / 2, place.Maps, firstChannel: place.Channels / 2, relu: RectifyHeatmaps && place.Stage == Stages - 1),
        { Name: PoseExtra.AffinityFields } => new ConvolutionHead(place.Channels / 2, place.Maps),
        _ => new ConvolutionHead(place.Channels, place.Maps),
    };
}
