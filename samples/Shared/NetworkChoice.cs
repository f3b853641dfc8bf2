using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Samples;

/// <summary>A network small enough for a CPU, and the targets and loss that its authors train it with.</summary>
public sealed record NetworkChoice(IPoseNetwork Network, PoseInput Input, IPoseTarget Target, IPoseLoss Loss)
{
    /// <summary>Names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mspn", "rsn", "hourglass", "cpn", "simplebaseline", "offsets"];

    /// <summary>Builds a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="keypoints">What it finds.</param>
    /// <param name="size">Size of its crops.</param>
    /// <param name="stages">Stages of MSPN, RSN and Hourglass.</param>
    /// <param name="width">Channels of the stem.</param>
    /// <param name="blocks">Blocks per level, finest first; the hourglass takes the first number for all its places.</param>
    /// <param name="upsample">Channels on the way up.</param>
    /// <param name="topK">Hard keypoints that count.</param>
    /// <param name="visibility">Which keypoints the coarse scales of MSPN and RSN count.</param>
    public static NetworkChoice Create(
        string name, KeypointSchema keypoints, ImageSize size, int stages, int width, int[] blocks, int upsample, int topK, VisibilityConvention visibility)
    {
        var input = new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25 };
        var hard = Math.Min(topK, keypoints.Count);
        var backbone = Backbone.ResNet(50) with { BaseChannels = width, BlocksPerLevel = blocks };
        var baseline = new SimpleBaselineOptions
        {
            Keypoints = keypoints,
            InputSize = size,
            Backbone = backbone,
            DeconvolutionChannels = [upsample, upsample, upsample],
        };
        // Heads that end in a normalisation want a peak of 255, the others one of 1.
        var (plain, sigma) = (input with { HeatmapPeak = 1 }, 1.5);
        return name switch
        {
            "mspn" => Pyramid(new MspnOptions()),
            "rsn" => Pyramid(new ResidualStepsOptions { BranchChannels = Math.Max(1, width * 26 / 64) }),
            "hourglass" => new(
                new StackedHourglassOptions
                {
                    Keypoints = keypoints,
                    InputSize = size,
                    Stacks = stages,
                    Channels = upsample,
                    StemChannels = upsample,
                    Blocks = blocks[0],
                    Depth = 3,
                }.Build(),
                plain, new GaussianHeatmapTarget(sigma), PoseLosses.StackedHourglass()),
            "cpn" => new(
                new CascadedPyramidOptions
                {
                    Keypoints = keypoints,
                    InputSize = size,
                    Backbone = backbone,
                    PyramidChannels = upsample,
                    RefineChannels = Math.Max(1, upsample / 2),
                }.Build(),
                input, new CoarseToFineHeatmapTarget([15, 11, 9, 7]), PoseLosses.CascadedPyramid(hard)),
            "simplebaseline" => new(baseline.Build(), plain, new GaussianHeatmapTarget(sigma), PoseLosses.SimpleBaseline()),
            "offsets" => new(
                (baseline with { KeypointOffsets = true }).Build(), plain with { OffsetRadius = 2.5 }, new DiskOffsetTarget(2.5), new HeatmapOffsetLoss()),
            _ => throw new ArgumentException($"There is no network '{name}'; there are {string.Join(", ", Names)}."),
        };

        NetworkChoice Pyramid(PyramidNetworkOptions options) => new(
            // Without biases, which change nothing in front of a normalisation and cost time.
            (options with
            {
                Keypoints = keypoints,
                InputSize = size,
                Stages = stages,
                BaseChannels = width,
                BlocksPerLevel = blocks,
                UpsampleChannels = upsample,
                ConvolutionBias = false,
            }).Build(),
            input, new CoarseToFineHeatmapTarget(), new MultiStageLoss(new JointsMseLoss(visibility), new OhkmLoss(hard)));
    }
}
