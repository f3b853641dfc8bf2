using Mspn.Core;
using TorchSharp;

namespace Mspn.Testing;

/// <summary>Networks that run in milliseconds.</summary>
public static class TinyNetworks
{
    public static MspnOptions Options { get; } = new()
    {
        InputSize = new ImageSize(64, 64),
        BaseChannels = 4,
        BlocksPerLevel = [1, 1, 1, 1],
        UpsampleChannels = 8,
    };

    private static readonly Backbone SmallResNet = new(BackboneFamily.ResNet, 50) { BaseChannels = 4, BlocksPerLevel = [1, 1, 1, 1] };

    private static readonly ResidualStepsOptions Rsn = new()
    {
        InputSize = new ImageSize(64, 64),
        BaseChannels = 8,
        BlocksPerLevel = [1, 1, 1, 1],
        UpsampleChannels = 8,
        BranchChannels = 3,
    };

    private static readonly StackedHourglassOptions Hourglass = new() { InputSize = new ImageSize(64, 64), Channels = 8, StemChannels = 8, Depth = 3 };

    private static readonly SimpleBaselineOptions Baseline = new()
    {
        InputSize = new ImageSize(64, 64),
        Backbone = SmallResNet,
        DeconvolutionChannels = [8, 8, 8],
    };

    private static readonly CascadedPyramidOptions Cpn = new()
    {
        InputSize = new ImageSize(64, 64),
        Backbone = SmallResNet,
        PyramidChannels = 8,
        RefineChannels = 4,
    };

    private static readonly OpenPoseOptions Parts = new()
    {
        InputSize = new ImageSize(64, 64),
        Stages = 3,
        BaseChannels = 4,
        Channels = 8,
        FirstStageChannels = 16,
        Kernel = 3,
    };

    /// <summary>Every kind of network that can be rebuilt from options, in its variants.</summary>
    public static IReadOnlyDictionary<string, PoseNetworkOptions> All { get; } = new Dictionary<string, PoseNetworkOptions>
    {
        ["mspn"] = Options,
        ["mspn, basic blocks, without aggregation and biases"] =
            Options with { Block = ResNetBlock.Basic, CrossStageAggregation = false, ConvolutionBias = false },
        ["mspn, stride first, final supervision alone"] =
            Options with { Block = ResNetBlock.CaffeBottleneck, CrossStageAggregation = false, Supervision = Supervision.FinalOnly },
        ["mspn, refine machine"] = Options with { RefineMachine = true },
        ["mspn, offsets"] = Options with { KeypointOffsets = true },
        ["rsn"] = Rsn,
        ["rsn, two stages, refine machine"] = Rsn with { Stages = 2, RefineMachine = true },
        ["hourglass"] = Hourglass,
        ["hourglass, wider below, two blocks"] = Hourglass with { Increase = 4, Blocks = 2, Stacks = 1 },
        ["hourglass, aggregation, every scale"] = Hourglass with { CrossStageAggregation = true, Supervision = Supervision.EveryScale },
        ["hourglass, final supervision alone"] = Hourglass with { Supervision = Supervision.FinalOnly },
        ["cpn"] = Cpn,
        ["cpn, offsets"] = Cpn with { KeypointOffsets = true },
        ["simplebaseline"] = Baseline,
        ["simplebaseline, ResNet-18, offsets"] =
            Baseline with { Backbone = new Backbone(BackboneFamily.ResNet, 18) { BaseChannels = 4 }, KeypointOffsets = true },
        ["simplebaseline, Caffe, other deconvolutions"] = Baseline with
        {
            Backbone = SmallResNet with { Family = BackboneFamily.CaffeResNet },
            DeconvolutionChannels = [8, 6],
            DeconvolutionKernels = [2, 3],
            DeconvolutionBias = true,
            FinalKernel = 3,
        },
        ["simplebaseline, VGG-16"] = Baseline with { Backbone = Backbone.Vgg(16) with { BaseChannels = 4 } },
        ["simplebaseline, VGG-19, four deconvolutions"] = Baseline with
        {
            Backbone = Backbone.Vgg(19) with { BaseChannels = 4 },
            DeconvolutionChannels = [8, 8, 8, 8],
            DeconvolutionKernels = [4, 4, 4, 4],
        },
        ["openpose"] = Parts,
        ["openpose, other keypoints, offsets"] = Parts with { Keypoints = KeypointSchemas.Coco17, KeypointOffsets = true, Stages = 1 },
    };

    /// <summary>An MSPN whose random weights depend on the seed alone.</summary>
    public static MspnNetwork Mspn(MspnOptions? options = null, long seed = 1)
    {
        torch.manual_seed(seed);
        return new MspnNetwork(options ?? Options);
    }

    /// <summary>One of <see cref="All"/>, whose random weights depend on the seed alone.</summary>
    public static IPoseNetwork Build(string name, long seed = 1)
    {
        torch.manual_seed(seed);
        return All[name].Build();
    }
}
