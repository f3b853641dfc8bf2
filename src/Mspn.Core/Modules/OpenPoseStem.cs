using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>OpenPose's front (Cao et al. 2017): VGG-19 up to its tenth convolution, then two more that reduce the channels.</summary>
public sealed class OpenPoseStem : NetworkStem
{
    private readonly VggStem vgg;
    private readonly ConvReluStack block3;
    private readonly ConvReluStack block4;

    /// <summary>Creates the stem.</summary>
    /// <param name="channels">Output channels. Default 128.</param>
    /// <param name="baseChannels">Channels of VGG's first block. Default 64.</param>
    public OpenPoseStem(int channels = 128, int baseChannels = 64)
        : base(nameof(OpenPoseStem))
    {
        OutChannels = channels;
        vgg = new VggStem(baseChannels);
        block3 = new ConvReluStack(2 * baseChannels, Vgg.Repeat(4 * baseChannels, 4));
        block4 = new ConvReluStack(4 * baseChannels, [8 * baseChannels, 8 * baseChannels, 4 * baseChannels, channels], pool: true);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override int OutChannels { get; }

    /// <summary>Input pixels per output cell: 8.</summary>
    public override int Stride => 8;

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return block4.call(block3.call(vgg.call(input))).MoveToOuterDisposeScope();
    }
}
