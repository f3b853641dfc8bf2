using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The second idea of MSPN (Li et al. 2019, section 3.2): so that a stage does not lose what the one before it knew, each of its
/// down-sampling levels also takes the previous stage's down- and up-sampling features of that resolution, each through a 1×1
/// convolution, and adds them.
/// </summary>
/// <remarks>
/// One object serves a whole network: the network connects it once to its stages, and it then holds the convolutions between every two of
/// them. It needs only their channel counts, so it joins stages of any kinds that have the same number of levels.
/// </remarks>
public sealed class CrossStageAggregation : Module<int, StageFeatures, IReadOnlyList<Tensor>>
{
    private readonly bool _bias;
    private readonly ModuleList<ModuleList<ConvBnRelu>> fromEncoder = [];
    private readonly ModuleList<ModuleList<ConvBnRelu>> fromDecoder = [];

    /// <summary>An aggregation that is not connected to stages yet.</summary>
    /// <param name="bias">Whether convolutions have biases, as in the official code. Default true.</param>
    public CrossStageAggregation(bool bias = true)
        : base(nameof(CrossStageAggregation))
    {
        _bias = bias;
    }

    /// <summary>Creates the convolutions between each stage and the next. A network does this for the aggregation it is given.</summary>
    /// <exception cref="InvalidOperationException">It is connected already.</exception>
    /// <exception cref="ArgumentException">Two neighbouring stages have different numbers of levels.</exception>
    public void Connect(IReadOnlyList<SingleStageModule> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (fromEncoder.Count > 0)
        {
            throw new InvalidOperationException("This aggregation already belongs to a network; give each network its own.");
        }
        for (var t = 0; t + 1 < stages.Count; t++)
        {
            var (stage, next) = (stages[t], stages[t + 1]);
            if (stage.Levels != next.Levels || stage.Decoder.Channels.Count != stage.Levels)
            {
                throw new ArgumentException(
                    $"Stages {t} and {t + 1} have {stage.Levels} and {next.Levels} levels, the former's decoder {stage.Decoder.Channels.Count}; "
                    + "aggregation joins level to level.", nameof(stages));
            }
            fromEncoder.Add(Join(stage.Encoder.Channels, next));
            fromDecoder.Add(Join(stage.Decoder.Channels, next));
        }
        RegisterComponents();
    }

    /// <summary>What stage <paramref name="stage"/> hands to the encoder of the stage after it.</summary>
    /// <param name="stage">Index of the stage that computed <paramref name="features"/>.</param>
    /// <param name="features">Its features.</param>
    /// <returns>One tensor per level, finest first, with the channels of the next stage's encoder level.</returns>
    public override IReadOnlyList<Tensor> forward(int stage, StageFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var sums = new Tensor[features.Encoder.Count];
        for (var level = 0; level < sums.Length; level++)
        {
            var (encoder, decoder) = (fromEncoder[stage][level], fromDecoder[stage][level]);
            sums[level] = Recomputation.Run(
                [encoder, decoder], inputs => Sum(encoder, inputs[0], decoder, inputs[1]), features.Encoder[level], features.Decoder[level]);
        }
        return sums;
    }

    /// <summary>The convolution from a stage's encoder level to the next stage's.</summary>
    public ConvBnRelu FromEncoder(int stage, int level) => fromEncoder[stage][level];

    /// <summary>The convolution from a stage's decoder level to the next stage's encoder level.</summary>
    public ConvBnRelu FromDecoder(int stage, int level) => fromDecoder[stage][level];

    private static Tensor Sum(ConvBnRelu encoder, Tensor encoded, ConvBnRelu decoder, Tensor decoded)
    {
        using var scope = NewDisposeScope();
        return encoder.call(encoded).Plus(decoder.call(decoded)).MoveToOuterDisposeScope();
    }

    private ModuleList<ConvBnRelu> Join(IReadOnlyList<int> channels, SingleStageModule next) =>
        new([.. channels.Zip(next.Encoder.Channels, (from, to) => new ConvBnRelu(from, to, 1, bias: _bias))]);
}
