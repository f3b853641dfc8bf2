namespace Mspn.Core;

/// <summary>Names of MSPN's and RSN's tensors in the official code and in mmpose.</summary>
public static class PyramidKeys
{
    /// <summary>megvii-research/MSPN and caiyuanhao1998/RSN (<c>exps/*/network.py</c>).</summary>
    public static KeyMap Official(PyramidNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var levels = options.BlocksPerLevel.Count;
        // Their up-sampling units count from the coarsest (1), our levels from the finest (0).
        string Unit(int stage, int level) => $"stage{stage}.upsample.up{levels - level}";
        return new KeyMap("official", [
            ("stem.conv.", "top.conv."),
            .. Blocks(options).SelectMany(b => BlockLayers(options).Select(layer =>
                ($"stages.{b.Stage}.encoder.levels.{b.Level}.{b.Block}.{layer.Ours}.",
                    $"stage{b.Stage}.downsample.layer{b.Level + 1}.{b.Block}.{layer.Theirs}."))),
            .. Places(options).SelectMany(p => new[]
            {
                ($"stages.{p.Stage}.decoder.laterals.{p.Level}.", $"{Unit(p.Stage, p.Level)}.u_skip."),
                ($"stages.{p.Stage}.decoder.ups.{p.Level}.", $"{Unit(p.Stage, p.Level)}.up_conv."),
                ($"aggregation.fromEncoder.{p.Stage}.{p.Level}.", $"{Unit(p.Stage, p.Level)}.skip1."),
                ($"aggregation.fromDecoder.{p.Stage}.{p.Level}.", $"{Unit(p.Stage, p.Level)}.skip2."),
                ($"heads.{p.Stage}.maps.{p.Level}.conv1.", $"{Unit(p.Stage, p.Level)}.res_conv1."),
                ($"heads.{p.Stage}.maps.{p.Level}.conv2.", $"{Unit(p.Stage, p.Level)}.res_conv2.conv."),
                ($"heads.{p.Stage}.maps.{p.Level}.bn.", $"{Unit(p.Stage, p.Level)}.res_conv2.bn."),
            }),
            .. Enumerable.Range(0, options.Stages).Select(stage => ($"links.{stage}.conv.", $"{Unit(stage, 0)}.cross_conv.")),
        ]);
    }

    /// <summary>open-mmlab/mmpose (<c>backbones/mspn.py</c>, <c>rsn.py</c>, <c>heads/heatmap_heads/mspn_head.py</c>). Its convolutions have no biases.</summary>
    /// <param name="options">The network.</param>
    /// <param name="head">
    /// What the heads stand below. Default <c>head</c>; <c>keypoint_head</c> in checkpoints of mmpose before 1.0, among them those of MSPN in its model zoo.
    /// </param>
    public static KeyMap Mmpose(PyramidNetworkOptions options, string head = "head")
    {
        ArgumentNullException.ThrowIfNull(options);
        var levels = options.BlocksPerLevel.Count;
        var backbone = options is ResidualStepsOptions ? "backbone.multi_stage_rsn" : "backbone.multi_stage_mspn";
        string Unit(int stage, int level) => $"{backbone}.{stage}.upsample.up{levels - level}";
        string Head(int stage, int level) => $"{head}.predict_layers.{levels * stage + levels - 1 - level}";
        // With a refine machine the plain head is a part of it.
        var plain = options.RefineMachine ? "head." : string.Empty;
        return new KeyMap("mmpose", [
            ("stem.conv.", "backbone.top.top.0."),
            .. Blocks(options).SelectMany(b => MmposeBlockLayers(options).Select(layer =>
                ($"stages.{b.Stage}.encoder.levels.{b.Level}.{b.Block}.{layer.Ours}.",
                    $"{backbone}.{b.Stage}.downsample.layer{b.Level + 1}.{b.Block}.{layer.Theirs}."))),
            .. Places(options).SelectMany(p => new[]
            {
                ($"stages.{p.Stage}.decoder.laterals.{p.Level}.", $"{Unit(p.Stage, p.Level)}.in_skip."),
                ($"stages.{p.Stage}.decoder.ups.{p.Level}.", $"{Unit(p.Stage, p.Level)}.up_conv."),
                ($"aggregation.fromEncoder.{p.Stage}.{p.Level}.", $"{Unit(p.Stage, p.Level)}.out_skip1."),
                ($"aggregation.fromDecoder.{p.Stage}.{p.Level}.", $"{Unit(p.Stage, p.Level)}.out_skip2."),
                ($"heads.{p.Stage}.maps.{p.Level}.{plain}conv1.", $"{Head(p.Stage, p.Level)}.conv_layers.0."),
                ($"heads.{p.Stage}.maps.{p.Level}.{plain}conv2.", $"{Head(p.Stage, p.Level)}.conv_layers.1.conv."),
                ($"heads.{p.Stage}.maps.{p.Level}.{plain}bn.", $"{Head(p.Stage, p.Level)}.conv_layers.1.bn."),
            }),
            .. plain.Length == 0 ? [] : Places(options).SelectMany(p => RefineLayers.Select(layer =>
                ($"heads.{p.Stage}.maps.{p.Level}.{layer.Ours}.", $"{Head(p.Stage, p.Level)}.prm.{layer.Theirs}."))),
            .. Enumerable.Range(0, options.Stages).Select(stage => ($"links.{stage}.conv.", $"{Unit(stage, 0)}.cross_conv.")),
        ]);
    }

    private static readonly (string Ours, string Theirs)[] RefineLayers =
    [
        ("conv", "conv_bn_relu_prm_1"), ("linear1", "middle_path.0"), ("bn1", "middle_path.1"), ("linear2", "middle_path.3"), ("bn2", "middle_path.4"),
        ("place", "bottom_path.0"), ("depthwise", "bottom_path.1.depthwise_conv"), ("pointwise", "bottom_path.1.pointwise_conv"),
    ];

    private static (string Ours, string Theirs)[] BlockLayers(PyramidNetworkOptions options) => options is ResidualStepsOptions rsn
        ? [("conv1", "conv_bn_relu1"), .. Steps(rsn), ("conv3", "conv_bn_relu3"), ("shortcut", "downsample")]
        : [("conv1", "conv_bn_relu1"), ("conv2", "conv_bn_relu2"), ("conv3", "conv_bn_relu3"), ("shortcut", "downsample")];

    private static (string Ours, string Theirs)[] MmposeBlockLayers(PyramidNetworkOptions options) => options is ResidualStepsOptions rsn
        ? [("conv1", "conv_bn_relu1"), .. Steps(rsn), ("conv3", "conv_bn3"), ("shortcut", "downsample")]
        : [
            ("conv1.conv", "conv1"), ("conv1.bn", "bn1"), ("conv2.conv", "conv2"), ("conv2.bn", "bn2"), ("conv3.conv", "conv3"), ("conv3.bn", "bn3"),
            ("shortcut", "downsample"),
        ];

    private static IEnumerable<(string Ours, string Theirs)> Steps(ResidualStepsOptions options) => Enumerable.Range(0, options.Branches)
        .SelectMany(branch => Enumerable.Range(0, branch + 1).Select(step => ($"steps.{branch}.{step}", $"conv_bn_relu2_{branch + 1}_{step + 1}")));

    private static IEnumerable<(int Stage, int Level)> Places(PyramidNetworkOptions options) => Enumerable.Range(0, options.Stages)
        .SelectMany(stage => Enumerable.Range(0, options.BlocksPerLevel.Count).Select(level => (stage, level)));

    private static IEnumerable<(int Stage, int Level, int Block)> Blocks(PyramidNetworkOptions options) => Places(options)
        .SelectMany(p => Enumerable.Range(0, options.BlocksPerLevel[p.Level]).Select(block => (p.Stage, p.Level, block)));
}
