using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>VGG's first two blocks, each followed by its pooling.</summary>
public sealed class VggStem : NetworkStem
{
    private readonly ConvReluStack block1;
    private readonly ConvReluStack block2;
    private readonly MaxPool2d pool;

    /// <summary>Creates the stem; its output has twice the base channels.</summary>
    /// <param name="baseChannels">Channels of the first block. Default 64.</param>
    public VggStem(int baseChannels = 64)
        : base(nameof(VggStem))
    {
        OutChannels = 2 * baseChannels;
        block1 = new ConvReluStack(3, Vgg.Repeat(baseChannels, 2));
        block2 = new ConvReluStack(baseChannels, Vgg.Repeat(2 * baseChannels, 2), pool: true);
        pool = MaxPool2d(2, 2);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override int OutChannels { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return pool.call(block2.call(block1.call(input))).MoveToOuterDisposeScope();
    }
}
