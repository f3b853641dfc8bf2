using Mspn.Core;
using Mspn.Losses;
using Mspn.Training;

namespace Mspn.Samples;

/// <summary>A network small enough for a CPU, and the targets and loss that its authors train it with: what differs between the samples' recipes.</summary>
public sealed record NetworkChoice(PoseNetworkOptions Network, PoseInput Input, TargetRecipe Target, LossRecipe Loss)
{
    /// <summary>Names that <see cref="Get"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mspn", "rsn", "hourglass", "cpn", "simplebaseline", "offsets"];

    /// <summary>The choice of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="keypoints">What it finds.</param>
    /// <param name="size">Size of its crops.</param>
    /// <param name="stages">Stages of MSPN, RSN and Hourglass.</param>
    /// <param name="width">Channels of the stem.</param>
    /// <param name="blocks">Blocks per level, finest first; the hourglass takes the first number for all its places.</param>
    /// <param name="upsample">Channels on the way up.</param>
    /// <param name="topK">Hard keypoints that count.</param>
    /// <param name="visibility">Which keypoints the coarse scales of MSPN and RSN count.</param>
    public static NetworkChoice Get(
        string name, KeypointSchema keypoints, ImageSize size, int stages, int width, int[] blocks, int upsample, int topK, VisibilityConvention visibility)
    {
        var input = new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25 };
        var hard = Math.Min(topK, keypoints.Count);
        var backbone = Backbone.ResNet(50) with { BaseChannels = width, BlocksPerLevel = blocks };
        var baseline = new SimpleBaselineOptions
        {
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
                    InputSize = size,
                    Stacks = stages,
                    Channels = upsample,
                    StemChannels = upsample,
                    Blocks = blocks[0],
                    Depth = 3,
                },
                plain, new GaussianTargetRecipe { Sigma = sigma }, new LossRecipe(LossKind.StackedHourglass)),
            "cpn" => new(
                new CascadedPyramidOptions
                {
                    InputSize = size,
                    Backbone = backbone,
                    PyramidChannels = upsample,
                    RefineChannels = Math.Max(1, upsample / 2),
                },
                input, new CoarseToFineTargetRecipe { Kernels = [15, 11, 9, 7] }, new LossRecipe(LossKind.CascadedPyramid, hard)),
            "simplebaseline" => new(baseline, plain, new GaussianTargetRecipe { Sigma = sigma }, new LossRecipe(LossKind.SimpleBaseline)),
            "offsets" => new(
                baseline with { KeypointOffsets = true }, plain with { OffsetRadius = 2.5 }, new DiskOffsetTargetRecipe(), new LossRecipe(LossKind.HeatmapOffset)),
            _ => throw new ArgumentException($"There is no network '{name}'; there are {string.Join(", ", Names)}."),
        };

        NetworkChoice Pyramid(PyramidNetworkOptions options) => new(
            // Without biases, which change nothing in front of a normalisation and cost time.
            options with
            {
                InputSize = size,
                Stages = stages,
                BaseChannels = width,
                BlocksPerLevel = blocks,
                UpsampleChannels = upsample,
                ConvolutionBias = false,
            },
            input, new CoarseToFineTargetRecipe(), new LossRecipe(visibility == VisibilityConvention.Mmpose ? LossKind.Mmpose : LossKind.Mspn, hard));
    }
}
