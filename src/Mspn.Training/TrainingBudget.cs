namespace Mspn.Training;

/// <summary>How long a training run lasts: a number of steps or a time.</summary>
public sealed record TrainingBudget
{
    private TrainingBudget()
    {
    }

    /// <summary>Number of optimiser steps, or null for a budget of time.</summary>
    public int? Steps { get; private init; }

    /// <summary>Training time (resumed parts included), or null for a budget of steps.</summary>
    public TimeSpan? Time { get; private init; }

    /// <summary>A number of optimiser steps. Such a run can be repeated exactly.</summary>
    public static TrainingBudget OfSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new TrainingBudget { Steps = steps };
    }

    /// <summary>A training time. How many steps fit depends on the machine, so such a run cannot be repeated exactly.</summary>
    public static TrainingBudget OfTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        return new TrainingBudget { Time = time };
    }

    /// <summary>The part of the budget that is used up, from 0 to 1.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="elapsed">Time spent.</param>
    public double Used(int step, TimeSpan elapsed) => Math.Min(1, Steps is { } steps ? (double)step / steps : elapsed / Time!.Value);
}
