namespace Mspn.Core;

/// <summary>Recognises networks that are built on a ResNet. Where a bottleneck's stride stands, weights do not tell: torchvision's place is assumed.</summary>
internal static class BackboneRecognition
{
    // pytorch-cpn's config.py, test.py and color_normalize: means of 0 to 255 and no deviations, the box 0.1 and 0.15 wider on either side, a wide blur.
    // (What a crop shows beyond the image is the mean colour there, and black here.)
    private static readonly PoseInput CascadedPyramidInput = new()
    {
        Normalization = new ImageNormalization
        {
            Order = ChannelOrder.Rgb,
            Mean = [122.7717f / 255, 115.9465f / 255, 102.9801f / 255],
            Std = [1, 1, 1],
        },
        BoxScaleX = 1.2,
        BoxScaleY = 1.3,
        DecodingKernel = 21,
    };

    // SimpleBaseline's JointsDataset.py reads images with OpenCV, so in BGR, and valid.py normalises them with the figures for RGB in their usual order.
    private static readonly PoseInput SimpleBaselineInput = new()
    {
        Normalization = ImageNormalization.Rgb with { Order = ChannelOrder.Bgr },
        BoxScaleX = 1.25,
        BoxScaleY = 1.25,
        HeatmapPeak = 1,
    };

    public static FoundNetwork CascadedPyramid(StateDictShape shape)
    {
        var options = new CascadedPyramidOptions
        {
            Backbone = ResNet(shape, "resnet."),
            PyramidChannels = shape.Size("global_net.laterals.0.0.weight"),
            RefineChannels = shape.Size("refine_net.final_predict.0.conv1.weight"),
        };
        return new FoundNetwork(
            options, shape.Size("refine_net.final_predict.1.weight"), o => BackboneKeys.CascadedPyramid((CascadedPyramidOptions)o), CascadedPyramidInput);
    }

    public static FoundNetwork SimpleBaseline(StateDictShape shape)
    {
        var layers = (shape.Count(@"deconv_layers\.(\d+)\.") + 1) / 3;
        var names = Enumerable.Range(0, layers).Select(i => $"deconv_layers.{3 * i}.weight").ToArray();
        var options = new SimpleBaselineOptions
        {
            Backbone = ResNet(shape, string.Empty),
            DeconvolutionChannels = [.. names.Select(name => shape.Size(name, 1))],
            DeconvolutionKernels = [.. names.Select(name => shape.Size(name, 2))],
            DeconvolutionBias = shape.Has("deconv_layers.0.bias"),
            FinalKernel = shape.Size("final_layer.weight", 2),
        };
        return new FoundNetwork(
            options, shape.Size("final_layer.weight"), o => BackboneKeys.SimpleBaseline((SimpleBaselineOptions)o), SimpleBaselineInput);
    }

    private static Backbone ResNet(StateDictShape shape, string prefix)
    {
        var pattern = prefix.Replace(".", @"\.", StringComparison.Ordinal);
        var blocks = shape.Blocks(pattern + @"layer{0}\.(\d+)\.", shape.Count(pattern + @"layer(\d+)\.") - 1);
        var bottlenecks = shape.Has(prefix + "layer1.0.conv3.weight");
        int[] depths = bottlenecks ? [50, 101, 152] : [18, 34];
        var published = depths.FirstOrDefault(depth => ResNetShape.OfDepth(depth).BlocksPerLevel.SequenceEqual(blocks));
        return Backbone.ResNet(published == 0 ? depths[0] : published) with
        {
            BaseChannels = shape.Size(prefix + "conv1.weight"),
            BlocksPerLevel = published == 0 ? blocks : null,
        };
    }
}
