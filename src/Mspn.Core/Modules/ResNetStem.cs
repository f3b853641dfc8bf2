using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>ResNet's stem: a 7×7 convolution of stride 2 and a 3×3 max pooling of stride 2.</summary>
public sealed class ResNetStem : NetworkStem
{
    private readonly ConvBnRelu conv;
    private readonly MaxPool2d pool;

    /// <summary>Creates the stem.</summary>
    /// <param name="channels">Output channels. Default 64.</param>
    /// <param name="bias">Whether the convolution has a bias. Default true.</param>
    public ResNetStem(int channels = 64, bool bias = true)
        : base(nameof(ResNetStem))
    {
        OutChannels = channels;
        conv = new ConvBnRelu(3, channels, 7, 2, bias: bias);
        pool = MaxPool2d(3, 2, 1);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override int OutChannels { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor input) => Recomputation.Run([this], inputs => Compute(inputs[0]), input);

    private Tensor Compute(Tensor input)
    {
        using var scope = NewDisposeScope();
        return pool.call(conv.call(input)).MoveToOuterDisposeScope();
    }
}
