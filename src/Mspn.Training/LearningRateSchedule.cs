using Mspn.Core;

namespace Mspn.Training;

/// <summary>A linear warm-up, then a decay. The defaults are the official MSPN code's schedule (<c>lib/utils/solver.py</c>) for one GPU.</summary>
/// <remarks>The rate depends on the position in the run alone, so a resumed run needs no state of it but the step and the time.</remarks>
public sealed record LearningRateSchedule
{
    /// <summary>
    /// mmpose's for MSPN at 256 people a step (<c>configs/body_2d_keypoint/topdown_heatmap/coco/td-hm_2xmspn50_8xb32-210e_coco-256x192.py</c>): 5e-3, from a
    /// thousandth of it in 500 steps (mmengine's <c>LinearLR</c> is there at the last of them), a tenth from epoch 170 of 210 on and a hundredth from 200.
    /// </summary>
    public static LearningRateSchedule Mmpose { get; } = new()
    {
        BaseRate = 5e-3, WarmupSteps = 499, WarmupFactor = 0.001, Decay = new StepDecay(), StepsFromZero = true,
    };

    /// <summary>Learning rate after warm-up. Default 5e-4, the official rate for one GPU with 32 images.</summary>
    public double BaseRate { get; init; } = 5e-4;

    /// <summary>Length of the warm-up in steps; 0 for none. Default 2400.</summary>
    public int WarmupSteps { get; init; } = 2400;

    /// <summary>Factor on the rate where the warm-up begins. Default 0.1.</summary>
    public double WarmupFactor { get; init; } = 0.1;

    /// <summary>How the rate falls after the warm-up. Default <see cref="LinearDecay"/>, as in the official code.</summary>
    public LearningRateDecay Decay { get; init; } = new LinearDecay();

    /// <summary>
    /// Whether the first step counts as step 0, as where a scheduler moves on after the optimiser (mmpose), or as step 1, as where it moves on before
    /// (the official code). Default false: step 1.
    /// </summary>
    public bool StepsFromZero { get; init; }

    /// <summary>The rate for a step.</summary>
    /// <param name="step">The step, from 1; 0 gives the rate before the first.</param>
    /// <param name="budget">How long the run lasts.</param>
    /// <param name="elapsed">Time spent so far; matters for a budget of time only.</param>
    /// <remarks>With a budget of time, the decay starts from the full rate at time 0 and the warm-up lies over it.</remarks>
    public double RateAt(int step, TrainingBudget budget, TimeSpan elapsed = default)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var done = StepsFromZero ? Math.Max(0, step - 1) : step;
        if (done < WarmupSteps)
        {
            return BaseRate * (WarmupFactor + (1 - WarmupFactor) * done / WarmupSteps);
        }
        var whole = budget.Used(done, elapsed);
        if (budget.Steps is { } steps)
        {
            // A run no longer than its warm-up ends at the full rate.
            return BaseRate * Decay.FactorAt(whole, steps <= WarmupSteps ? 0 : (double)(done - WarmupSteps) / (steps - WarmupSteps));
        }
        return BaseRate * Decay.FactorAt(whole, whole);
    }

    /// <summary>Checks the values.</summary>
    /// <returns>This schedule.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public LearningRateSchedule Validated()
    {
        Require.Positive(BaseRate);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmupSteps);
        Require.Probability(WarmupFactor);
        ArgumentNullException.ThrowIfNull(Decay);
        Decay.Validate();
        return this;
    }
}
