using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>The plainest head: one convolution with a bias, then bilinear enlargement where a size differs. Hourglass, SimpleBaseline, OpenPose.</summary>
public sealed class ConvolutionHead : PoseHead
{
    private readonly int _first;
    private readonly int _channels;
    private readonly bool _relu;
    private readonly Conv2d conv;

    /// <summary>Creates the head.</summary>
    /// <param name="channels">Channels that it reads.</param>
    /// <param name="maps">Number of maps.</param>
    /// <param name="kernel">Kernel size, odd. Default 1.</param>
    /// <param name="firstChannel">The first channel that it reads; further ones than <paramref name="channels"/> are ignored. Default 0.</param>
    /// <param name="relu">Whether a ReLU ends it. Default false.</param>
    /// <param name="initialDeviation">Standard deviation of the initial weights; null for PyTorch's default.</param>
    public ConvolutionHead(
        int channels, int maps, int kernel = 1, int firstChannel = 0, bool relu = false, double? initialDeviation = null)
        : base(nameof(ConvolutionHead))
    {
        (_first, _channels, _relu) = (firstChannel, channels, relu);
        conv = Layers.Convolution(channels, maps, kernel);
        if (initialDeviation is { } deviation)
        {
            Layers.FillNormal(conv.weight, deviation);
            Layers.FillZeros(conv.bias);
        }
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input1, (long Height, long Width) input2)
    {
        ArgumentNullException.ThrowIfNull(input1);
        using var scope = NewDisposeScope();
        var x = conv.call(input1.shape[1] == _channels ? input1 : input1.Channels(_first, _channels));
        x = Resampling.Bilinear(x, input2.Height, input2.Width);
        return (_relu ? x.ReluInPlace() : x).MoveToOuterDisposeScope();
    }
}
