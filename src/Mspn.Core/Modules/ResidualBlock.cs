using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>A residual block (He et al. 2016): <c>ReLU(residual(x) + shortcut(x))</c>. What the residual is, the derived block says.</summary>
/// <remarks>Input <c>[N, in, h, w]</c>, output <c>[N, OutChannels, ⌈h/stride⌉, ⌈w/stride⌉]</c>.</remarks>
public abstract class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly ConvBnRelu? shortcut;

    /// <summary>Creates the shortcut: nothing where shapes agree, a 1×1 convolution with normalisation where they do not.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="stride">Stride of the block.</param>
    /// <param name="bias">Whether the shortcut's convolution has a bias.</param>
    /// <param name="alwaysProject">Whether the shortcut is a convolution even where shapes agree. Default false.</param>
    protected ResidualBlock(string name, int inChannels, int outChannels, int stride, bool bias, bool alwaysProject = false)
        : base(name)
    {
        OutChannels = outChannels;
        if (alwaysProject || stride != 1 || inChannels != outChannels)
        {
            shortcut = new ConvBnRelu(inChannels, outChannels, 1, stride, relu: false, bias: bias);
            // By hand: reflection over a derived type does not see this field.
            register_module(nameof(shortcut), shortcut);
        }
    }

    /// <summary>Output channels.</summary>
    public int OutChannels { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor input) => Recomputation.Run([this], inputs => Compute(inputs[0]), input);

    /// <summary>The residual, before the shortcut is added; a tensor that may be overwritten.</summary>
    protected abstract Tensor Residual(Tensor input);

    private Tensor Compute(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = shortcut is null ? input : shortcut.call(input);
        return Residual(input).PlusInPlace(x).ReluInPlace().MoveToOuterDisposeScope();
    }
}
