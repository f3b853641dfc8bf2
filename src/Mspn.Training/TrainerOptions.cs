namespace Mspn.Training;

/// <summary>How a <see cref="Trainer"/> trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>How long the run lasts.</summary>
    public required TrainingBudget Budget { get; init; }

    /// <summary>Where checkpoints and the best weights go; created if missing.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The learning rate over time. Default: the official one for a single GPU.</summary>
    public LearningRateSchedule Schedule { get; init; } = new();

    /// <summary>Adam's L2 term. Default 1e-5, as in the official code.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>
    /// Batches of a step, at least 1: the step follows the mean of their gradients, as it would with so many devices. The last step of an epoch takes what
    /// is left of it. Default 1.
    /// </summary>
    public int Accumulation { get; init; } = 1;

    /// <inheritdoc cref="TrainingStepOptions.GradientClip" />
    public double? GradientClip { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, such as 0.999. Validation, <see cref="Trainer.EpochEnded"/> and whoever uses the network
    /// after the run see the average; checkpoints hold both. Default null: no average.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>Layers that are trained otherwise than the rest; what each rule catches is logged. Default: none.</summary>
    public IReadOnlyList<LayerRule> Layers { get; init; } = [];

    /// <summary>Time between checkpoints; one is also written when the run ends or is cancelled. Default 2 minutes.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Channels-last layout (<see cref="TrainingStepOptions.ChannelsLast"/>): faster on CPUs, the same numbers to rounding. Default true.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <inheritdoc cref="TrainingStepOptions.BFloat16" />
    public bool BFloat16 { get; init; }

    /// <inheritdoc cref="TrainingStepOptions.Recompute" />
    public bool Recompute { get; init; }

    /// <inheritdoc cref="TrainingStepOptions.Replicas" />
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// What these options and everything else were made from (<see cref="TrainingRecipe.Build"/>): written as <c>recipe.json</c> beside the checkpoints when the run
    /// begins (or, where another run's are, with its first checkpoint), and compared when it is resumed. Default null: nothing is written.
    /// </summary>
    public TrainingRecipe? Recipe { get; init; }

    /// <summary>Checks the values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public TrainerOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(Budget);
        ArgumentException.ThrowIfNullOrEmpty(OutputFolder);
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accumulation, 1);
        Schedule.Validated();
        StepOptions.Validated();
        return this;
    }

    /// <summary>What the stepper needs of these.</summary>
    internal TrainingStepOptions StepOptions => new()
    {
        WeightDecay = WeightDecay,
        ChannelsLast = ChannelsLast,
        BFloat16 = BFloat16,
        Recompute = Recompute,
        Replicas = Replicas,
        GradientClip = GradientClip,
        AverageDecay = AverageDecay,
        Layers = Layers,
    };
}
