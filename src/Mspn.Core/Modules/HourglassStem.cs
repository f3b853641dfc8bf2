using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The stem of stacked Hourglass networks (Newell et al. 2016): a 7×7 convolution of stride 2, a residual module, a 2×2 max pooling, two more
/// residual modules.
/// </summary>
public sealed class HourglassStem : NetworkStem
{
    private readonly ConvBnRelu conv;
    private readonly PreActivationResidual residual1;
    private readonly MaxPool2d pool;
    private readonly PreActivationResidual residual2;
    private readonly PreActivationResidual residual3;

    /// <summary>Creates the stem.</summary>
    /// <param name="channels">Output channels. Default 256.</param>
    /// <param name="middleChannels">Channels after the second residual module; the authors' later code has 128 (default), bearpaw's 256.</param>
    /// <param name="firstChannels">Channels after the first residual module. Default 128.</param>
    /// <param name="convolutionChannels">Channels of the convolution. Default 64.</param>
    public HourglassStem(int channels = 256, int middleChannels = 128, int firstChannels = 128, int convolutionChannels = 64)
        : base(nameof(HourglassStem))
    {
        OutChannels = channels;
        conv = new ConvBnRelu(3, convolutionChannels, 7, 2);
        residual1 = new PreActivationResidual(convolutionChannels, firstChannels);
        pool = MaxPool2d(2, 2);
        residual2 = new PreActivationResidual(firstChannels, middleChannels);
        residual3 = new PreActivationResidual(middleChannels, channels);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override int OutChannels { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = pool.call(residual1.call(conv.call(input)));
        return residual3.call(residual2.call(x)).MoveToOuterDisposeScope();
    }
}
