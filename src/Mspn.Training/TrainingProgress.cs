namespace Mspn.Training;

/// <summary>Where a training run stands.</summary>
public sealed record TrainingProgress
{
    /// <summary>Optimiser steps done.</summary>
    public required int Step { get; init; }

    /// <summary>The epoch that the next step belongs to, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of that epoch that are done.</summary>
    public required int Batch { get; init; }

    /// <summary>Loss of the last step; not a number before the first since the run was started or resumed.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of about the last 50 steps; not a number before the first.</summary>
    public required double SmoothedLoss { get; init; }

    /// <summary>Learning rate of the last step; 0 before the first since the run was started or resumed.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training time so far, resumed parts included; validation is not counted.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Used part of the budget, from 0 to 1.</summary>
    public required double Fraction { get; init; }

    /// <summary>
    /// What another program had used of the budget before, whose checkpoint the run went on from (<see cref="TrainingStart"/>), from 0 to 1: none of it took any of
    /// <see cref="Elapsed"/>. Default 0.
    /// </summary>
    public double StartFraction { get; init; }

    /// <summary>People per second since the run was started or resumed.</summary>
    public required double PeoplePerSecond { get; init; }

    /// <summary>Share of the training time since then that was spent waiting for data, from 0 to 1.</summary>
    public required double WaitingShare { get; init; }

    /// <summary>Time left at the present pace; <see cref="TimeSpan.MaxValue"/> before the first step.</summary>
    public TimeSpan Remaining => Fraction >= 1 ? TimeSpan.Zero
        : Fraction > StartFraction ? Elapsed * ((1 - Fraction) / (Fraction - StartFraction))
        : TimeSpan.MaxValue;
}
