using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// ResNet's bottleneck block (He et al. 2016): 1×1, 3×3, 1×1 convolutions and a shortcut. The stride sits on the 3×3 convolution, as in
/// the official MSPN code and torchvision.
/// </summary>
public sealed class Bottleneck : Module<Tensor, Tensor>
{
    /// <summary>Output channels per inner channel.</summary>
    public const int Expansion = 4;

    private readonly ConvBnRelu conv1;
    private readonly ConvBnRelu conv2;
    private readonly ConvBnRelu conv3;
    private readonly ConvBnRelu? shortcut;

    /// <summary>Creates the block; its output has <c>width × 4</c> channels.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="width">Channels of the 3×3 convolution.</param>
    /// <param name="stride">Stride. Default 1.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public Bottleneck(int inChannels, int width, int stride = 1, bool bias = true)
        : base(nameof(Bottleneck))
    {
        var outChannels = width * Expansion;
        conv1 = new ConvBnRelu(inChannels, width, 1, bias: bias);
        conv2 = new ConvBnRelu(width, width, 3, stride, bias: bias);
        conv3 = new ConvBnRelu(width, outChannels, 1, relu: false, bias: bias);
        shortcut = stride != 1 || inChannels != outChannels
            ? new ConvBnRelu(inChannels, outChannels, 1, stride, relu: false, bias: bias)
            : null;
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var residual = conv3.call(conv2.call(conv1.call(input)));
        var x = shortcut is null ? input : shortcut.call(input);
        return residual.PlusInPlace(x).relu_().MoveToOuterDisposeScope();
    }
}
