namespace Mspn.Core;

/// <summary>Names of a stacked Hourglass network's tensors in the two widely used PyTorch codes.</summary>
public static class HourglassKeys
{
    /// <summary>Channels in the middle of bearpaw's stem.</summary>
    internal const int BearpawStem = 256;

    private static readonly string[] Norms = ["bn1", "bn2", "bn3"];
    private static readonly string[] Convs = ["conv1", "conv2", "conv3"];

    /// <summary>princeton-vl/pytorch_stacked_hourglass (<c>models/posenet.py</c>), which has one residual module at each place.</summary>
    /// <remarks>Its residual modules hold a <c>skip_layer</c> even where they do not use it.</remarks>
    /// <exception cref="ArgumentException">The options have more than one residual module at each place.</exception>
    public static KeyMap Princeton(StackedHourglassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Blocks != 1)
        {
            throw new ArgumentException($"This code has one residual module at each place, not {options.Blocks}.", nameof(options));
        }
        var inner = options.Channels + options.Increase;
        (string Ours, string Theirs, int In, int Out)[] residuals =
        [
            ("stem.residual1", "pre.1", 64, 128), ("stem.residual2", "pre.3", 128, options.StemChannels),
            ("stem.residual3", "pre.4", options.StemChannels, options.Channels),
            .. Stacks(options).SelectMany(stack => Enumerable.Range(0, options.Depth).SelectMany(level =>
            {
                var (here, below) = (level == 0 ? options.Channels : inner, inner);
                var theirs = $"hgs.{stack}.0" + string.Concat(Enumerable.Repeat(".low2", level));
                return new[]
                {
                    ($"stages.{stack}.decoder.skips.{level}.0", $"{theirs}.up1", here, here),
                    ($"stages.{stack}.encoder.levels.{level + 1}.blocks.0", $"{theirs}.low1", here, below),
                    ($"stages.{stack}.decoder.ups.{level}.0", $"{theirs}.low3", below, here),
                };
            })),
            .. Stacks(options).SelectMany(stack => new[]
            {
                ($"stages.{stack}.decoder.bottom.0", $"hgs.{stack}.0" + string.Concat(Enumerable.Repeat(".low2", options.Depth)), inner, inner),
                ($"stages.{stack}.decoder.residuals.0", $"features.{stack}.0", options.Channels, options.Channels),
            }),
        ];
        return new KeyMap("princeton-vl", [
            ("stem.conv.", "pre.0."),
            .. residuals.SelectMany(r => Residual(r.Ours, r.Theirs, "{0}.conv", "skip_layer.conv")),
            .. Stacks(options).SelectMany(stack => new[]
            {
                ($"stages.{stack}.decoder.features.", $"features.{stack}.1."), ($"heads.{stack}.maps.0.conv.", $"outs.{stack}.conv."),
                ($"links.{stack}.features.", $"merge_features.{stack}.conv.conv."), ($"links.{stack}.heatmaps.", $"merge_preds.{stack}.conv.conv."),
            }),
        ], residuals.Where(r => r.In == r.Out).SelectMany(r => new (string, IReadOnlyList<long>)[]
        {
            ($"{r.Theirs}.skip_layer.conv.weight", [r.Out, r.In, 1, 1]), ($"{r.Theirs}.skip_layer.conv.bias", [r.Out]),
        }));
    }

    /// <summary>bearpaw/pytorch-pose (<c>pose/models/hourglass.py</c>), whose stem has 256 channels in the middle.</summary>
    public static KeyMap Bearpaw(StackedHourglassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Their levels count from the coarsest.
        return new KeyMap("bearpaw", [
            ("stem.conv.conv.", "conv1."), ("stem.conv.bn.", "bn1."),
            .. Enumerable.Range(1, 3).SelectMany(i => Residual($"stem.residual{i}", $"layer{i}.0", "{0}", "downsample.0")),
            .. Stacks(options).SelectMany(stack => Enumerable.Range(0, options.Blocks).SelectMany(block => Places(options, stack)
                .SelectMany(place => Residual($"{place.Ours}.{block}", $"{place.Theirs}.{block}", "{0}", "downsample.0")))),
            .. Stacks(options).SelectMany(stack => new[]
            {
                ($"stages.{stack}.decoder.features.conv.", $"fc.{stack}.0."), ($"stages.{stack}.decoder.features.bn.", $"fc.{stack}.1."),
                ($"heads.{stack}.maps.0.conv.", $"score.{stack}."), ($"links.{stack}.features.", $"fc_.{stack}."),
                ($"links.{stack}.heatmaps.", $"score_.{stack}."),
            }),
        ]);
    }

    private static IEnumerable<(string Ours, string Theirs)> Places(StackedHourglassOptions options, int stack) =>
    [
        .. Enumerable.Range(0, options.Depth).SelectMany(level => new[]
        {
            ($"stages.{stack}.decoder.skips.{level}", $"hg.{stack}.hg.{options.Depth - 1 - level}.0"),
            ($"stages.{stack}.encoder.levels.{level + 1}.blocks", $"hg.{stack}.hg.{options.Depth - 1 - level}.1"),
            ($"stages.{stack}.decoder.ups.{level}", $"hg.{stack}.hg.{options.Depth - 1 - level}.2"),
        }),
        ($"stages.{stack}.decoder.bottom", $"hg.{stack}.hg.0.3"),
        ($"stages.{stack}.decoder.residuals", $"res.{stack}"),
    ];

    private static IEnumerable<(string Ours, string Theirs)> Residual(string ours, string theirs, string convolution, string shortcut) =>
    [
        .. Norms.Select(bn => ($"{ours}.{bn}.", $"{theirs}.{bn}.")),
        .. Convs.Select(conv => ($"{ours}.{conv}.", $"{theirs}.{string.Format(null, convolution, conv)}.")),
        ($"{ours}.shortcut.", $"{theirs}.{shortcut}."),
    ];

    private static IEnumerable<int> Stacks(StackedHourglassOptions options) => Enumerable.Range(0, options.Stacks);
}
