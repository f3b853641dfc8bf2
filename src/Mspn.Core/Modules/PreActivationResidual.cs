using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The residual module of stacked Hourglass networks (Newell et al. 2016, figure 4): normalisation and ReLU stand <em>before</em> each of the
/// 1×1, 3×3 and 1×1 convolutions, and nothing after the sum.
/// </summary>
/// <remarks>Input <c>[N, in, h, w]</c>, output <c>[N, out, h, w]</c>.</remarks>
public sealed class PreActivationResidual : Module<Tensor, Tensor>
{
    private readonly BatchNormalization bn1;
    private readonly Conv2d conv1;
    private readonly BatchNormalization bn2;
    private readonly Conv2d conv2;
    private readonly BatchNormalization bn3;
    private readonly Conv2d conv3;
    private readonly Conv2d? shortcut;

    /// <summary>Creates the module; its inner convolutions have half the output channels.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels, at least 2.</param>
    public PreActivationResidual(int inChannels, int outChannels)
        : base(nameof(PreActivationResidual))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 2);
        var width = outChannels / 2;
        bn1 = new BatchNormalization(inChannels);
        conv1 = Layers.Convolution(inChannels, width, 1);
        bn2 = new BatchNormalization(width);
        conv2 = Layers.Convolution(width, width, 3);
        bn3 = new BatchNormalization(width);
        conv3 = Layers.Convolution(width, outChannels, 1);
        shortcut = inChannels == outChannels ? null : Layers.Convolution(inChannels, outChannels, 1);
        RegisterComponents();
    }

    /// <summary>Several modules after one another, the first of which changes the number of channels.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="count">How many, at least 1.</param>
    public static Sequential Chain(int inChannels, int outChannels, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Sequential(Enumerable.Range(0, count).Select(i => new PreActivationResidual(i == 0 ? inChannels : outChannels, outChannels)));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input) => Recomputation.Run([this], inputs => Compute(inputs[0]), input);

    private Tensor Compute(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv1.call(bn1.call(input).ReluInPlace());
        x = conv2.call(bn2.call(x).ReluInPlace());
        x = conv3.call(bn3.call(x).ReluInPlace());
        return x.PlusInPlace(shortcut is null ? input : shortcut.call(input)).MoveToOuterDisposeScope();
    }
}
