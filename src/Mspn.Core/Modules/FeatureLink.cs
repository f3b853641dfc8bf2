using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>MSPN's link: a 1×1 convolution of the finest decoder features. Official code: <c>cross_conv</c>.</summary>
public sealed class FeatureLink : StageLink
{
    private readonly ConvBnRelu conv;

    /// <summary>Creates the link.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="bias">Whether the convolution has a bias. Default true.</param>
    public FeatureLink(LinkPlace place, bool bias = true)
        : base(nameof(FeatureLink))
    {
        ArgumentNullException.ThrowIfNull(place);
        conv = new ConvBnRelu(place.FeatureChannels, place.NextInChannels, 1, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(LinkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return conv.call(input.Features);
    }
}
