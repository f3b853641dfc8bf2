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

    // torchvision's ResNet as stem and first stage.
    private static IEnumerable<(string Ours, string Theirs)> ResNet(Backbone backbone, string prefix)
    {
        var blocks = backbone.Family == BackboneFamily.Vgg
            ? throw new ArgumentException($"There are no such names for {backbone.Family}-{backbone.Depth}, only for ResNets.", nameof(backbone))
            : backbone.Shape().BlocksPerLevel;
        return [
            ("stem.conv.conv.", $"{prefix}conv1."), ("stem.conv.bn.", $"{prefix}bn1."),
            .. blocks.SelectMany((count, level) => Enumerable.Range(0, count).SelectMany(block =>
                Block($"stages.0.encoder.levels.{level}.{block}", $"{prefix}layer{level + 1}.{block}"))),
        ];
    }

    private static IEnumerable<(string Ours, string Theirs)> Block(string ours, string theirs) =>
    [
        .. Enumerable.Range(1, 3).SelectMany(i => new[] { ($"{ours}.conv{i}.conv.", $"{theirs}.conv{i}."), ($"{ours}.conv{i}.bn.", $"{theirs}.bn{i}.") }),
        ($"{ours}.shortcut.conv.", $"{theirs}.downsample.0."), ($"{ours}.shortcut.bn.", $"{theirs}.downsample.1."),
    ];
}
