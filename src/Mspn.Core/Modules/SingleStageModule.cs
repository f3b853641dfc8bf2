using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// One stage of a multi-stage pose network: an encoder that goes down through the resolutions and a decoder that comes back up.
/// </summary>
/// <remarks>
/// The first idea of MSPN (Li et al. 2019, section 3.1): a good single stage doubles its channels at each down-sampling and spends its
/// compute there, and up-samples lightly; <see cref="Mspn"/> builds that stage. Any other encoder and decoder whose channels fit can be
/// combined to a stage as well, and stages of different kinds can follow one another.
/// </remarks>
public sealed class SingleStageModule : Module<Tensor, IReadOnlyList<Tensor>?, StageFeatures>
{
    private readonly StageEncoder encoder;
    private readonly StageDecoder decoder;

    /// <summary>A stage of an encoder and a decoder; it owns both.</summary>
    /// <exception cref="ArgumentException">They do not fit: a decoder that comes all the way back up needs as many levels as the encoder.</exception>
    public SingleStageModule(StageEncoder encoder, StageDecoder decoder)
        : base(nameof(SingleStageModule))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        if (encoder.Channels.Count != decoder.Channels.Count + decoder.FinestLevel)
        {
            throw new ArgumentException(
                $"The encoder has {encoder.Channels.Count} levels, but the decoder's {decoder.Channels.Count} begin at level {decoder.FinestLevel}; "
                + "they must end together.");
        }
        this.encoder = encoder;
        this.decoder = decoder;
        RegisterComponents();
    }

    /// <summary>The down-sampling half.</summary>
    public StageEncoder Encoder => encoder;

    /// <summary>The up-sampling half.</summary>
    public StageDecoder Decoder => decoder;

    /// <summary>Channels of the stage's input.</summary>
    public int InChannels => Encoder.InChannels;

    /// <summary>Number of resolutions.</summary>
    public int Levels => Encoder.Channels.Count;

    /// <summary>MSPN's stage: a ResNet-like encoder whose channels double, a decoder of a few channels.</summary>
    /// <param name="baseChannels">Channels of the stage's input and width of its first level. Default 64.</param>
    /// <param name="blocks">Blocks per level. Default <c>[3, 4, 6, 3]</c>, ResNet-50.</param>
    /// <param name="upsampleChannels">Channels of the decoder. Default 256.</param>
    /// <param name="bias">Whether convolutions have biases, as in the official code. Default true.</param>
    /// <param name="block">Kind of blocks. Default bottlenecks; <see cref="ResNetBlock.Basic"/> with <c>[2, 2, 2, 2]</c> is ResNet-18.</param>
    public static SingleStageModule Mspn(
        int baseChannels = 64, IReadOnlyList<int>? blocks = null, int upsampleChannels = 256, bool bias = true,
        ResNetBlock block = ResNetBlock.Bottleneck) =>
        WithPyramid(StageEncoder.ResNet(new ResNetShape(block, blocks ?? [3, 4, 6, 3]), baseChannels, bias), upsampleChannels, bias);

    /// <summary>RSN's stage (Cai et al. 2020): MSPN's with residual-steps blocks.</summary>
    /// <param name="baseChannels">Channels of the stage's input and of its first level. Default 64.</param>
    /// <param name="blocks">Blocks per level. Default <c>[2, 2, 2, 2]</c>, RSN-18.</param>
    /// <param name="upsampleChannels">Channels of the decoder. Default 256.</param>
    /// <param name="bias">Whether convolutions have biases, as in the official code. Default true.</param>
    public static SingleStageModule ResidualSteps(
        int baseChannels = 64, IReadOnlyList<int>? blocks = null, int upsampleChannels = 256, bool bias = true) =>
        WithPyramid(StageEncoder.ResidualSteps(blocks ?? [2, 2, 2, 2], baseChannels, bias: bias), upsampleChannels, bias);

    /// <summary>The hourglass (Newell et al. 2016): as many channels on every level, residual modules down, up and across.</summary>
    /// <param name="channels">Channels of the stage's input and of every level. Default 256.</param>
    /// <param name="depth">How often the resolution is halved. Default 4.</param>
    /// <param name="blocks">Residual modules at each place. Default 1.</param>
    /// <param name="increase">Channels more on the levels below the first. Default 0.</param>
    public static SingleStageModule Hourglass(int channels = 256, int depth = 4, int blocks = 1, int increase = 0)
    {
        var encoder = StageEncoder.Hourglass(channels, depth, blocks, increase);
        return new SingleStageModule(encoder, new HourglassDecoder(encoder.Channels, blocks));
    }

    /// <summary>Any encoder with MSPN's light decoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="channels">Channels of the decoder. Default 256.</param>
    /// <param name="bias">Whether its convolutions have biases. Default true.</param>
    public static SingleStageModule WithPyramid(StageEncoder encoder, int channels = 256, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new SingleStageModule(encoder, new PyramidDecoder(encoder.Channels, channels, bias));
    }

    /// <summary>Runs the stage.</summary>
    /// <param name="input"><c>[N, InChannels, h, w]</c>, from the stem or from the stage before.</param>
    /// <param name="added">What the stage before adds to each encoder level (<see cref="CrossStageAggregation"/>), or null.</param>
    public override StageFeatures forward(Tensor input, IReadOnlyList<Tensor>? added)
    {
        using var scope = NewDisposeScope();
        var encoded = Encoder.call(input, added);
        return new StageFeatures(encoded, Decoder.call(encoded)).MoveToOuterDisposeScope();
    }
}
