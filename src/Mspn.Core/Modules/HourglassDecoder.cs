using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The hourglass's way up (Newell et al. 2016): residual modules on the coarsest level, then level after level residual modules, nearest-
/// neighbour up-sampling and the sum with residual modules of the encoder's features; at the end more residual modules and a 1×1
/// convolution.
/// </summary>
public sealed class HourglassDecoder : StageDecoder
{
    private readonly ModuleList<Sequential> skips;
    private readonly Sequential bottom;
    private readonly ModuleList<Sequential> ups;
    private readonly Sequential residuals;
    private readonly ConvBnRelu features;

    /// <summary>Creates the decoder.</summary>
    /// <param name="encoderChannels">Channels of the encoder's levels, finest first; the decoder's are the same.</param>
    /// <param name="blocks">Residual modules at each place. Default 1.</param>
    public HourglassDecoder(IReadOnlyList<int> encoderChannels, int blocks = 1)
        : base(nameof(HourglassDecoder))
    {
        ArgumentNullException.ThrowIfNull(encoderChannels);
        Channels = [.. encoderChannels];
        var coarsest = Channels.Count - 1;
        skips = new ModuleList<Sequential>([.. Channels.SkipLast(1).Select(c => PreActivationResidual.Chain(c, c, blocks))]);
        bottom = PreActivationResidual.Chain(Channels[coarsest], Channels[coarsest], blocks);
        ups = new ModuleList<Sequential>(
            [.. Enumerable.Range(0, coarsest).Select(level => PreActivationResidual.Chain(Channels[level + 1], Channels[level], blocks))]);
        residuals = PreActivationResidual.Chain(Channels[0], Channels[0], blocks);
        features = new ConvBnRelu(Channels[0], Channels[0], 1);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override IReadOnlyList<int> Channels { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var levels = new Tensor[Channels.Count];
        levels[^1] = bottom.call(input[^1]);
        for (var level = levels.Length - 2; level >= 0; level--)
        {
            var skip = skips[level].call(input[level]);
            levels[level] = skip.Plus(Resampling.Nearest(ups[level].call(levels[level + 1]), skip.shape[2], skip.shape[3]));
        }
        levels[0] = features.call(residuals.call(levels[0]));
        foreach (var level in levels)
        {
            level.MoveToOuterDisposeScope();
        }
        return levels;
    }
}
