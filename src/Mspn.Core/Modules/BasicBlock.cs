using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The block of ResNet-18 and ResNet-34 (He et al. 2016): two 3×3 convolutions, the first with the stride, and a shortcut.</summary>
public sealed class BasicBlock : ResidualBlock
{
    private readonly ConvBnRelu conv1;
    private readonly ConvBnRelu conv2;

    /// <summary>Creates the block.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="stride">Stride. Default 1.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public BasicBlock(int inChannels, int outChannels, int stride = 1, bool bias = true)
        : base(nameof(BasicBlock), inChannels, outChannels, stride, bias)
    {
        conv1 = new ConvBnRelu(inChannels, outChannels, 3, stride, bias: bias);
        conv2 = new ConvBnRelu(outChannels, outChannels, 3, relu: false, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    protected override Tensor Residual(Tensor input) => conv2.call(conv1.call(input));
}
