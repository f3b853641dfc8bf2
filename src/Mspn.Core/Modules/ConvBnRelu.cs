using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>Convolution, batch normalisation and (unless switched off) ReLU: the brick all networks here are built of.</summary>
/// <remarks>Input <c>[N, in, H, W]</c>, output <c>[N, out, H', W']</c> of the same dtype; padding keeps the size at stride 1.</remarks>
public sealed class ConvBnRelu : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNormalization bn;
    private readonly bool _relu;

    /// <summary>Creates the layers.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="kernel">Kernel size, odd.</param>
    /// <param name="stride">Stride. Default 1.</param>
    /// <param name="relu">Whether a ReLU ends it. Default true.</param>
    /// <param name="bias">Whether the convolution has a bias although normalisation follows, as the official MSPN code has. Default true.</param>
    /// <param name="groups">Groups of channels that are convolved separately. Default 1.</param>
    public ConvBnRelu(int inChannels, int outChannels, int kernel, int stride = 1, bool relu = true, bool bias = true, int groups = 1)
        : base(nameof(ConvBnRelu))
    {
        conv = Layers.Convolution(inChannels, outChannels, kernel, stride, groups, bias);
        bn = new BatchNormalization(outChannels);
        _relu = relu;
        RegisterComponents();
    }

    /// <inheritdoc />
    /// <remarks>With a ReLU it is a segment of a <see cref="Recomputation"/>; without, callers may overwrite the result.</remarks>
    public override Tensor forward(Tensor input) => _relu ? Recomputation.Run([this], inputs => Compute(inputs[0]), input) : Compute(input);

    /// <summary>He-normal weights by fan-out, as the official code gives its encoders.</summary>
    internal void InitializeForEncoder() => Layers.FillHeNormal(conv.weight);

    private Tensor Compute(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn.call(conv.call(input));
        return (_relu ? x.ReluInPlace() : x).MoveToOuterDisposeScope();
    }
}
