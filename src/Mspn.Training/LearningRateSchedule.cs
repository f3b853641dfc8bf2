namespace Mspn.Training;

/// <summary>Linear warm-up, then linear decay to zero: the official MSPN code's schedule (<c>lib/utils/solver.py</c>).</summary>
public sealed record LearningRateSchedule
{
    /// <summary>Learning rate after warm-up. Default 5e-4, the official rate for one GPU with 32 images.</summary>
    public double BaseRate { get; init; } = 5e-4;

    /// <summary>Length of the warm-up in steps. Default 2400.</summary>
    public int WarmupSteps { get; init; } = 2400;

    /// <summary>Factor on the rate where the warm-up begins. Default 0.1.</summary>
    public double WarmupFactor { get; init; } = 0.1;

    /// <summary>The rate for a step.</summary>
    /// <param name="step">The step, from 1; 0 gives the rate before the first.</param>
    /// <param name="budget">How long the run lasts.</param>
    /// <param name="elapsed">Time spent so far; matters for a budget of time only.</param>
    /// <remarks>With a budget of time, the decay starts from the full rate at time 0 and the warm-up lies over it.</remarks>
    public double RateAt(int step, TrainingBudget budget, TimeSpan elapsed = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        if (step < WarmupSteps)
        {
            return BaseRate * (WarmupFactor + (1 - WarmupFactor) * step / WarmupSteps);
        }
        if (budget.Steps is { } steps)
        {
            // A run no longer than its warm-up ends at the full rate.
            return steps <= WarmupSteps ? BaseRate : BaseRate * Math.Max(0, 1 - (double)(step - WarmupSteps) / (steps - WarmupSteps));
        }
        return BaseRate * (1 - budget.Used(step, elapsed));
    }
}
