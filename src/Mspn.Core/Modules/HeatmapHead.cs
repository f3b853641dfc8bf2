using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// Turns one decoder level into heat maps: a 1×1 and a 3×3 convolution, enlarged to the output size. Official code: <c>res_conv1</c>,
/// <c>res_conv2</c> of <c>Upsample_unit</c>.
/// </summary>
/// <remarks>The last layer is a batch normalisation, so outputs start with a standard deviation of about 1: it learns targets whose peak is
/// of the order of 100 (255 here), not 1.</remarks>
public sealed class HeatmapHead : Module<Tensor, Tensor>
{
    private readonly ConvBnRelu conv1;
    private readonly ConvBnRelu conv2;

    /// <summary>Creates the head.</summary>
    /// <param name="channels">Channels of the decoder level.</param>
    /// <param name="keypoints">Number of heat maps.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public HeatmapHead(int channels, int keypoints, bool bias = true)
        : base(nameof(HeatmapHead))
    {
        conv1 = new ConvBnRelu(channels, channels, 1, bias: bias);
        conv2 = new ConvBnRelu(channels, keypoints, 3, relu: false, bias: bias);
        RegisterComponents();
    }

    /// <summary>Heat maps at the level's own resolution, <c>[N, K, h_l, w_l]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv2.call(conv1.call(input)).MoveToOuterDisposeScope();
    }
}
