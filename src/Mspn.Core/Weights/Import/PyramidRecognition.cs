namespace Mspn.Core;

/// <summary>Recognises MSPN and RSN.</summary>
internal static class PyramidRecognition
{
    private const double MpiiBoxScale = 1.25;
    private const int MpiiKernel = 9;

    public static FoundNetwork Official(StateDictShape shape)
    {
        const string block = "stage0.downsample.layer1.0.";
        var levels = shape.Count(@"stage0\.upsample\.up(\d+)\.") - 1;
        var steps = shape.Count(@"stage0\.downsample\.layer1\.0\.conv_bn_relu2_(\d+)_") - 1;
        PyramidNetworkOptions options = steps > 0
            ? new ResidualStepsOptions { Branches = steps, BranchChannels = shape.Size(block + "conv_bn_relu2_1_1.conv.weight") }
            : new MspnOptions { Expansion = Expansion(shape, block + "conv_bn_relu1.conv.weight", block + "conv_bn_relu3.conv.weight") };
        options = options with
        {
            Stages = shape.Count(@"stage(\d+)\.downsample\."),
            BlocksPerLevel = shape.Blocks(@"stage0\.downsample\.layer{0}\.(\d+)\.", levels),
            BaseChannels = shape.Size("top.conv.conv.weight"),
            UpsampleChannels = shape.Size("stage0.upsample.up1.u_skip.conv.weight"),
            CrossStageAggregation = shape.Has("stage0.upsample.up1.skip1.conv.weight"),
            ConvolutionBias = shape.Has("top.conv.conv.bias"),
        };
        var keypoints = shape.Size("stage0.upsample.up1.res_conv2.conv.weight");
        // The official configuration for MPII has another test crop and a wider blur.
        var input = keypoints == KeypointSchemas.Mpii16.Count
            ? new PoseInput { BoxScaleX = MpiiBoxScale, BoxScaleY = MpiiBoxScale, DecodingKernel = MpiiKernel }
            : new PoseInput();
        return new FoundNetwork(options, keypoints, o => PyramidKeys.Official((PyramidNetworkOptions)o), input);
    }

    public static FoundNetwork Mmpose(StateDictShape shape)
    {
        var rsn = shape.HasAny("backbone.multi_stage_rsn.");
        var backbone = rsn ? "backbone.multi_stage_rsn." : "backbone.multi_stage_mspn.";
        var pattern = backbone.Replace(".", @"\.", StringComparison.Ordinal);
        var block = backbone + "0.downsample.layer1.0.";
        var head = shape.HasAny("keypoint_head.") ? "keypoint_head" : "head";
        var levels = shape.Count(pattern + @"0\.upsample\.up(\d+)\.") - 1;
        PyramidNetworkOptions options = rsn
            ? new ResidualStepsOptions
            {
                Branches = shape.Count(pattern + @"0\.downsample\.layer1\.0\.conv_bn_relu2_(\d+)_") - 1,
                BranchChannels = shape.Size(block + "conv_bn_relu2_1_1.conv.weight"),
            }
            : new MspnOptions { Expansion = Expansion(shape, block + "conv1.weight", block + "conv3.weight") };
        options = options with
        {
            Stages = shape.Count(pattern + @"(\d+)\.downsample\."),
            BlocksPerLevel = shape.Blocks(pattern + @"0\.downsample\.layer{0}\.(\d+)\.", levels),
            BaseChannels = shape.Size("backbone.top.top.0.conv.weight"),
            UpsampleChannels = shape.Size(backbone + "0.upsample.up1.in_skip.conv.weight"),
            CrossStageAggregation = shape.Has(backbone + "0.upsample.up1.out_skip1.conv.weight"),
            ConvolutionBias = shape.Has("backbone.top.top.0.conv.bias"),
            RefineMachine = shape.HasAny(head + ".predict_layers.0.prm."),
        };
        return new FoundNetwork(
            options,
            shape.Size(head + ".predict_layers.0.conv_layers.1.conv.weight"),
            o => PyramidKeys.Mmpose((PyramidNetworkOptions)o, head),
            PoseInput.Mmpose);
    }

    private static int Expansion(StateDictShape shape, string inner, string outer) => Math.Max(1, shape.Size(outer) / shape.Size(inner));
}
