using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>MSPN's link: a 1×1 convolution of the finest decoder features. Official code: <c>cross_conv</c>.</summary>
public sealed class FeatureLink : StageLink
{
    private readonly ConvBnRelu conv;

    /// <summary>Creates the link.</summary>
    /// <param name="channels">Channels of the features.</param>
    /// <param name="nextChannels">Channels of the next stage's input.</param>
    /// <param name="bias">Whether the convolution has a bias. Default true.</param>
    public FeatureLink(int channels, int nextChannels, bool bias = true)
        : base(nameof(FeatureLink))
    {
        conv = new ConvBnRelu(channels, nextChannels, 1, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(LinkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return conv.call(input.Features);
    }
}
