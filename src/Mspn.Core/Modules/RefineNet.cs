using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// CPN's RefineNet (Chen et al. 2018, section 3.2.2): the decoder features of every level, the coarser the more bottlenecks deep, are enlarged to one
/// size, put together and read by one more bottleneck. It can follow the last stage of any network.
/// </summary>
/// <remarks>
/// Input: decoder features, finest first (put together coarsest first, as the reference does); output <c>[N, maps, h, w]</c> at the finest level's size. Reference: <c>networks/refineNet.py</c> of
/// pytorch-cpn, whose bottlenecks have an expansion of 2 and always a convolution in the shortcut.
/// </remarks>
public sealed class RefineNet : Module<IReadOnlyList<Tensor>, Tensor>
{
    private const int Expansion = 2;

    private readonly ModuleList<Sequential> cascade;
    private readonly Bottleneck bottleneck;
    private readonly ConvBnRelu predict;

    /// <summary>Creates the network.</summary>
    /// <param name="channels">Channels of the decoder's levels, finest first.</param>
    /// <param name="maps">Number of heat maps.</param>
    /// <param name="width">Inner channels of the bottlenecks. Default 128.</param>
    public RefineNet(IReadOnlyList<int> channels, int maps, int width = 128)
        : base(nameof(RefineNet))
    {
        ArgumentNullException.ThrowIfNull(channels);
        var total = 0;
        cascade = new ModuleList<Sequential>([.. channels.Select((count, level) =>
        {
            var deep = Enumerable.Range(0, level).Select(i => Block(i == 0 ? count : width * Expansion, width)).ToArray();
            total += level == 0 ? count : width * Expansion;
            return Sequential(deep);
        })]);
        bottleneck = Block(total, width);
        predict = new ConvBnRelu(width * Expansion, maps, 3, relu: false, bias: false);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var size = input[0].shape;
        var all = input.Select((features, level) =>
            Resampling.Bilinear(level == 0 ? features : cascade[level].call(features), size[2], size[3])).ToArray();
        return predict.call(bottleneck.call(Primitives.Concatenate([.. all.Reverse()]))).MoveToOuterDisposeScope();
    }

    private static Bottleneck Block(int inChannels, int width) => new(inChannels, width, bias: false, expansion: Expansion, alwaysProject: true);
}
