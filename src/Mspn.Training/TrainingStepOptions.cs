using Mspn.Core;

namespace Mspn.Training;

/// <summary>What an optimiser step does besides following the gradient.</summary>
public sealed record TrainingStepOptions
{
    /// <summary>Adam's L2 term. Default 1e-5, as in the official code.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>
    /// Whether weights and images are laid out channels-last, which is faster on CPUs; results agree to rounding. The weights of the network's convolutions become
    /// other tensors when a stepper is made: take them from the network afterwards. Default false, unlike a <see cref="Trainer"/>'s.
    /// </summary>
    public bool ChannelsLast { get; init; }

    /// <summary>
    /// Whether convolutions and linear layers compute in bfloat16: faster on processors that multiply it faster than single precision. Weights, Adam,
    /// statistics of normalisation, losses and what checkpoints hold stay in single precision. Default false.
    /// </summary>
    public bool BFloat16 { get; init; }

    /// <summary>
    /// Whether the network's blocks forget what they computed on the way forward and compute it again on the way back (<c>efficient</c> in the official
    /// code): less memory, more time, the same numbers to rounding. A network of one's own takes part as far as it is made of this library's modules. Default false.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>
    /// Copies of the network that each take a share of every batch, side by side, as with so many devices: normalisation sees each share alone, and the
    /// network keeps the statistics of the first. A copy has its share of torch's threads, and memory for its own gradients. With one for each core
    /// or two, steps of small networks take little more than half the time. The network must have <see cref="IPoseNetwork.Options"/>, and the loss is
    /// computed on several threads. Default 1: the network alone.
    /// </summary>
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// The longest that the gradient of all trained parameters together may be (its 2-norm); a longer one is made shorter, as
    /// <c>torch.nn.utils.clip_grad_norm_</c> does. Default null: as it is.
    /// </summary>
    public double? GradientClip { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, from 0 to 1, such as 0.999: how much of the average each step keeps. Default null: no average.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>Layers that are trained otherwise than the rest. Default: none.</summary>
    public IReadOnlyList<LayerRule> Layers { get; init; } = [];

    /// <summary>Checks the values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public TrainingStepOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(Layers);
        Require.NotNegative(WeightDecay);
        ArgumentOutOfRangeException.ThrowIfLessThan(Replicas, 1);
        if (GradientClip is { } clip)
        {
            Require.Positive(clip, nameof(GradientClip));
        }
        if (AverageDecay is { } decay)
        {
            Require.Probability(decay, nameof(AverageDecay));
        }
        return this;
    }
}
