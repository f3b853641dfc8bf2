namespace Mspn.Training;

/// <summary>How a <see cref="Trainer"/> trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>How long the run lasts.</summary>
    public required TrainingBudget Budget { get; init; }

    /// <summary>Where checkpoints and the final weights go; created if missing.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The learning rate over time. Default: the official one for a single GPU.</summary>
    public LearningRateSchedule Schedule { get; init; } = new();

    /// <summary>Adam's L2 term. Default 1e-5, as in the official code.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Time between checkpoints; one is also written when the run ends or is cancelled. Default 2 minutes.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Channels-last layout: faster on CPUs, the same numbers to rounding. Default true.</summary>
    public bool ChannelsLast { get; init; } = true;
}
