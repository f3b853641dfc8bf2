using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// SimpleBaseline's way up (Xiao et al. 2018): transposed convolutions on the encoder's coarsest features, each doubling the resolution, with
/// normalisation and ReLU. The encoder's finer features are not used.
/// </summary>
/// <remarks>Reference: <c>_make_deconv_layer</c> of <c>lib/models/pose_resnet.py</c>. The coarsest level of the result are the encoder's coarsest features.</remarks>
public sealed class DeconvolutionDecoder : StageDecoder
{
    private const double InitialDeviation = 0.001;

    private readonly ModuleList<Sequential> layers;

    /// <summary>Creates the decoder.</summary>
    /// <param name="encoderChannels">Channels of the encoder's levels, finest first.</param>
    /// <param name="channels">Output channels of each transposed convolution, the coarsest first. Null: 256, 256, 256.</param>
    /// <param name="kernels">Kernel size of each: 2, 3 or 4. Null: 4 everywhere.</param>
    /// <param name="bias">Whether they have biases. Default false.</param>
    /// <exception cref="ArgumentException">The lists have different lengths, or a kernel is none of these.</exception>
    public DeconvolutionDecoder(
        IReadOnlyList<int> encoderChannels, IReadOnlyList<int>? channels = null, IReadOnlyList<int>? kernels = null, bool bias = false)
        : base(nameof(DeconvolutionDecoder))
    {
        ArgumentNullException.ThrowIfNull(encoderChannels);
        channels ??= [256, 256, 256];
        kernels ??= [.. channels.Select(_ => 4)];
        if (kernels.Count != channels.Count || kernels.Any(k => k is < 2 or > 4))
        {
            throw new ArgumentException(
                $"{channels.Count} transposed convolutions need as many kernels of size 2, 3 or 4, not [{string.Join(", ", kernels)}].", nameof(kernels));
        }
        Channels = [.. channels.Reverse(), encoderChannels[^1]];
        FinestLevel = encoderChannels.Count - 1 - channels.Count;
        SizeMultiple = 1 << (encoderChannels.Count - 1);
        layers = new ModuleList<Sequential>([.. channels.Select((count, i) =>
        {
            // So padded, each doubles the size exactly.
            var (padding, extra) = kernels[i] switch { 2 => (0, 0), 3 => (1, 1), _ => (1, 0) };
            var deconv = Layers.TransposedConvolution(
                i == 0 ? encoderChannels[^1] : channels[i - 1], count, kernels[i], stride: 2, padding, extra, bias);
            Layers.FillNormal(deconv.weight, InitialDeviation);
            Layers.FillZeros(deconv.bias);
            return Sequential(("deconv", deconv), ("bn", new BatchNormalization(count)), ("relu", ReLU(inplace: true)));
        })]);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override IReadOnlyList<int> Channels { get; }

    /// <inheritdoc />
    public override int FinestLevel { get; }

    /// <summary>Both sides of the stage's input must be multiples of this: otherwise the doubled sizes miss the encoder's.</summary>
    public override int SizeMultiple { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var features = new Tensor[layers.Count + 1];
        var x = features[^1] = input[^1].Alias();
        for (var i = 0; i < layers.Count; i++)
        {
            x = features[^(i + 2)] = layers[i].call(x);
        }
        return features;
    }
}
