using Mspn.Core;

namespace Mspn.Training;

/// <summary>What an optimiser step does besides following the gradient.</summary>
public sealed record TrainingStepOptions
{
    /// <summary>Adam's L2 term. Default 1e-5, as in the official code.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Whether weights and images are laid out channels-last, which is faster on CPUs; results agree to rounding. Default false.</summary>
    public bool ChannelsLast { get; init; }

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
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
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
