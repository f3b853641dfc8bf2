namespace Mspn.Core;

/// <summary>Names of classification networks' tensors in torchvision, and of the pose networks that are built on them.</summary>
public static class BackboneKeys
{
    /// <summary>microsoft/human-pose-estimation.pytorch (<c>lib/models/pose_resnet.py</c>): SimpleBaseline on a ResNet.</summary>
    /// <exception cref="ArgumentException">The backbone is not a ResNet.</exception>
    public static KeyMap SimpleBaseline(SimpleBaselineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new KeyMap("microsoft", [
            .. ResNet(options.Backbone, string.Empty),
            .. Enumerable.Range(0, options.DeconvolutionChannels.Count).SelectMany(i => new[]
            {
                ($"stages.0.decoder.layers.{i}.deconv.", $"deconv_layers.{3 * i}."), ($"stages.0.decoder.layers.{i}.bn.", $"deconv_layers.{3 * i + 1}."),
            }),
            ("heads.0.maps.0.conv.", "final_layer."),
        ]);
    }

    /// <summary>GengDavid/pytorch-cpn (<c>networks/</c>).</summary>
    /// <exception cref="ArgumentException">The backbone is not a ResNet.</exception>
    public static KeyMap CascadedPyramid(CascadedPyramidOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Their levels count from the coarsest.
        var coarsest = options.Backbone.Levels - 1;
        return new KeyMap("pytorch-cpn", [
            .. ResNet(options.Backbone, "resnet."),
            .. Enumerable.Range(0, coarsest + 1).SelectMany(level => new[]
            {
                ($"stages.0.decoder.laterals.{level}.conv.", $"global_net.laterals.{coarsest - level}.0."),
                ($"stages.0.decoder.laterals.{level}.bn.", $"global_net.laterals.{coarsest - level}.1."),
                ($"heads.0.maps.{level}.conv1.conv.", $"global_net.predict.{coarsest - level}.0."),
                ($"heads.0.maps.{level}.conv1.bn.", $"global_net.predict.{coarsest - level}.1."),
                ($"heads.0.maps.{level}.conv2.", $"global_net.predict.{coarsest - level}.3."),
                ($"heads.0.maps.{level}.bn.", $"global_net.predict.{coarsest - level}.5."),
            }),
            .. Enumerable.Range(0, coarsest).SelectMany(level => new[]
            {
                ($"stages.0.decoder.ups.{level}.conv.", $"global_net.upsamples.{coarsest - 1 - level}.1."),
                ($"stages.0.decoder.ups.{level}.bn.", $"global_net.upsamples.{coarsest - 1 - level}.2."),
            }),
            .. Enumerable.Range(0, coarsest + 1).SelectMany(level => Enumerable.Range(0, level).SelectMany(block =>
                Block($"refinement.cascade.{level}.{block}", $"refine_net.cascade.{coarsest - level}.{block}"))),
            .. Block("refinement.bottleneck", "refine_net.final_predict.0"),
            ("refinement.predict.conv.", "refine_net.final_predict.1."), ("refinement.predict.bn.", "refine_net.final_predict.2."),
        ]);
    }

    /// <summary>torchvision's <c>resnet18</c> to <c>resnet152</c> as the stem and the encoder of one stage.</summary>
    /// <param name="blocks">Blocks per level, finest first.</param>
    /// <param name="stage">The stage, from 0.</param>
    public static KeyMap TorchvisionResNet(IReadOnlyList<int> blocks, int stage = 0)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        return new KeyMap("torchvision ResNet", ResNet(blocks, string.Empty, stage));
    }

    /// <summary>torchvision's <c>vgg16</c> or <c>vgg19</c> as the stem and the first stage's encoder, or as OpenPose's front.</summary>
    /// <param name="depth">16 or 19.</param>
    /// <param name="front">Whether it is OpenPose's front, which ends after the tenth convolution. Default false.</param>
    public static KeyMap TorchvisionVgg(int depth, bool front = false)
    {
        const int inFourthBlock = 2;
        string[] stacks = front
            ? ["stem.vgg.block1", "stem.vgg.block2", "stem.block3", "stem.block4"]
            : ["stem.block1", "stem.block2", "stages.0.encoder.levels.0", "stages.0.encoder.levels.1", "stages.0.encoder.levels.2"];
        var pairs = new List<(string, string)>();
        var index = 0;
        foreach (var (stack, count) in stacks.Zip(Vgg.Blocks(depth)))
        {
            for (var conv = 0; conv < count; conv++)
            {
                if (stack != "stem.block4" || conv < inFourthBlock)
                {
                    pairs.Add(($"{stack}.convs.{conv}.", $"features.{index}."));
                }
                index += 2; // the convolution and its ReLU
            }
            index++; // the pooling
        }
        return new KeyMap("torchvision VGG", pairs);
    }

    // torchvision's ResNet as stem and first stage.
    private static IEnumerable<(string Ours, string Theirs)> ResNet(Backbone backbone, string prefix) =>
        backbone.Family == BackboneFamily.Vgg
            ? throw new ArgumentException($"There are no such names for {backbone.Family}-{backbone.Depth}, only for ResNets.", nameof(backbone))
            : ResNet(backbone.Shape().BlocksPerLevel, prefix, 0);

    private static IEnumerable<(string Ours, string Theirs)> ResNet(IReadOnlyList<int> blocks, string prefix, int stage) =>
    [
        ("stem.conv.conv.", $"{prefix}conv1."), ("stem.conv.bn.", $"{prefix}bn1."),
        .. blocks.SelectMany((count, level) => Enumerable.Range(0, count).SelectMany(block =>
            Block($"stages.{stage}.encoder.levels.{level}.{block}", $"{prefix}layer{level + 1}.{block}"))),
    ];

    private static IEnumerable<(string Ours, string Theirs)> Block(string ours, string theirs) =>
    [
        .. Enumerable.Range(1, 3).SelectMany(i => new[] { ($"{ours}.conv{i}.conv.", $"{theirs}.conv{i}."), ($"{ours}.conv{i}.bn.", $"{theirs}.bn{i}.") }),
        ($"{ours}.shortcut.conv.", $"{theirs}.downsample.0."), ($"{ours}.shortcut.bn.", $"{theirs}.downsample.1."),
    ];
}
