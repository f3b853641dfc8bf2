using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The head of MSPN and CPN: a 1×1 convolution with ReLU, a 3×3 convolution, normalisation, enlargement. Official MSPN code:
/// <c>res_conv1</c>, <c>res_conv2</c> of <c>Upsample_unit</c>.
/// </summary>
/// <remarks>Its last trained layer is a batch normalisation, so outputs start with a standard deviation of about 1: it learns targets whose
/// peak is of the order of 100 (255 here), not 1.</remarks>
public sealed class HeatmapHead : PoseHead
{
    private readonly bool _normalizeEnlarged;
    private readonly ConvBnRelu conv1;
    private readonly Conv2d conv2;
    private readonly BatchNormalization bn;

    /// <summary>Creates the head.</summary>
    /// <param name="channels">Channels of the decoder level.</param>
    /// <param name="maps">Number of maps.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    /// <param name="normalizeEnlarged">Whether maps are enlarged before they are normalised (CPN) or after it (MSPN). Default false.</param>
    public HeatmapHead(int channels, int maps, bool bias = true, bool normalizeEnlarged = false)
        : base(nameof(HeatmapHead))
    {
        _normalizeEnlarged = normalizeEnlarged;
        conv1 = new ConvBnRelu(channels, channels, 1, bias: bias);
        conv2 = Layers.Convolution(channels, maps, 3, bias: bias);
        bn = new BatchNormalization(maps);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input1, (long Height, long Width) input2) =>
        Recomputation.Run([this], inputs => Compute(inputs[0], input2.Height, input2.Width), input1);

    private Tensor Compute(Tensor input, long height, long width)
    {
        using var scope = NewDisposeScope();
        var x = conv2.call(conv1.call(input));
        x = _normalizeEnlarged ? bn.call(Resampling.Bilinear(x, height, width)) : Resampling.Bilinear(bn.call(x), height, width);
        return x.MoveToOuterDisposeScope();
    }
}
