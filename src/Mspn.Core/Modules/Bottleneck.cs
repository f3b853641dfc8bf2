using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>ResNet's bottleneck block (He et al. 2016): 1×1, 3×3 and 1×1 convolutions and a shortcut.</summary>
public sealed class Bottleneck : ResidualBlock
{
    /// <summary>ResNet's output channels per inner channel.</summary>
    public const int DefaultExpansion = 4;

    private readonly ConvBnRelu conv1;
    private readonly ConvBnRelu conv2;
    private readonly ConvBnRelu conv3;

    /// <summary>Creates the block; its output has <c>width × expansion</c> channels.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="width">Channels of the 3×3 convolution.</param>
    /// <param name="stride">Stride. Default 1.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    /// <param name="expansion">Output channels per inner channel. Default 4 (ResNet); CPN's RefineNet has 2.</param>
    /// <param name="strideFirst">
    /// Whether the stride sits on the first 1×1 convolution (Caffe's ResNet, and the figures of the MSPN paper) or on the 3×3 one (torchvision
    /// and the official MSPN code). Default false.
    /// </param>
    /// <param name="alwaysProject">Whether the shortcut is a convolution even where shapes agree. Default false.</param>
    public Bottleneck(
        int inChannels, int width, int stride = 1, bool bias = true, int expansion = DefaultExpansion, bool strideFirst = false,
        bool alwaysProject = false)
        : base(nameof(Bottleneck), inChannels, width * expansion, stride, bias, alwaysProject)
    {
        conv1 = new ConvBnRelu(inChannels, width, 1, strideFirst ? stride : 1, bias: bias);
        conv2 = new ConvBnRelu(width, width, 3, strideFirst ? 1 : stride, bias: bias);
        conv3 = new ConvBnRelu(width, OutChannels, 1, relu: false, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    protected override Tensor Residual(Tensor input) => conv3.call(conv2.call(conv1.call(input)));
}
