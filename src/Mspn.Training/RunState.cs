using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data;

namespace Mspn.Training;

/// <summary>Where a <see cref="Trainer"/>'s run stands, and what its checkpoints say of it.</summary>
internal sealed class RunState
{
    private const double Smoothing = 0.02;

    private TimeSpan _before;
    private double _smoothedLoss = double.NaN;
    private double _loss = double.NaN;
    private long _people;
    private int _startStep;
    private (int Batches, int People, double Loss) _pending;

    public int Step { get; private set; }

    public int Epoch { get; set; }

    public int Batch { get; set; }

    /// <summary>Whether there is more than what the run began with.</summary>
    public bool HasTrained => Step > _startStep;

    public double LearningRate { get; set; }

    public double? BestScore { get; private set; }

    public int? BestStep { get; private set; }

    /// <summary>The step at which the network was last scored.</summary>
    public int? ValidatedAt { get; private set; }

    public TimeSpan Waiting { get; set; }

    public TimeSpan SavedAt { get; set; }

    public Stopwatch Clock { get; } = new();

    public TimeSpan Elapsed => _before + Clock.Elapsed;

    public double Used(TrainingBudget budget) => budget.Used(Step, Elapsed);

    /// <summary>Takes in one of the batches of a step.</summary>
    /// <returns>Whether the step has all of them: as many as it should, or the last of the epoch.</returns>
    public bool Take(double loss, int people, int accumulation, int batchesPerEpoch)
    {
        var all = _pending.People + people;
        _pending = (_pending.Batches + 1, all, _pending.Loss + (loss - _pending.Loss) * people / all);
        return _pending.Batches == accumulation || Batch + _pending.Batches == batchesPerEpoch;
    }

    /// <summary>Counts the step with the batches taken in.</summary>
    public void Advance()
    {
        Step++;
        Batch += _pending.Batches;
        _people += _pending.People;
        _loss = _pending.Loss;
        _smoothedLoss = double.IsNaN(_smoothedLoss) ? _loss : _smoothedLoss + Smoothing * (_loss - _smoothedLoss);
        _pending = default;
    }

    /// <summary>Takes a score.</summary>
    /// <returns>Whether it is the best so far. One that is not finite never is.</returns>
    public bool Scored(double score)
    {
        ValidatedAt = Step;
        if (!double.IsFinite(score) || score <= BestScore)
        {
            return false;
        }
        (BestScore, BestStep) = (score, Step);
        return true;
    }

    public void StartAt(int step, int batchesPerEpoch, int accumulation)
    {
        var stepsPerEpoch = (batchesPerEpoch + accumulation - 1) / accumulation;
        (_startStep, Step, Epoch, Batch) = (step, step, step / stepsPerEpoch, step % stepsPerEpoch * accumulation);
    }

    public bool Continue(TrainingState? state, PoseDataLoader loader, string file, ILogger logger)
    {
        if (state is null)
        {
            logger.LogInformation("There is no checkpoint to resume from; starting anew.");
            return false;
        }
        if (state.Seed != loader.Options.Seed || state.BatchSize != loader.Options.BatchSize || state.People != loader.Dataset.Count)
        {
            throw new PoseDataException(
                file,
                $"it belongs to a run with seed {state.Seed}, batches of {state.BatchSize} and {state.People} people; this one has "
                + $"{loader.Options.Seed}, {loader.Options.BatchSize} and {loader.Dataset.Count}.");
        }
        (_startStep, Step, Epoch, Batch, _smoothedLoss) = (state.StartStep, state.Step, state.Epoch, state.Batch, state.SmoothedLoss);
        (BestScore, BestStep, ValidatedAt) = (state.BestScore, state.BestStep, state.ValidatedAt);
        _before = SavedAt = TimeSpan.FromSeconds(state.ElapsedSeconds);
        logger.LogInformation("Resumed at step {Step}, epoch {Epoch}.", Step, Epoch);
        return true;
    }

    public TrainingState ToState(PoseDataLoader loader) => new(
        Step, Epoch, Batch, Elapsed.TotalSeconds, _smoothedLoss, loader.Options.Seed, loader.Options.BatchSize, loader.Dataset.Count,
        BestScore, BestStep, ValidatedAt, _startStep);

    public TrainingProgress Report(TrainingBudget budget) => new()
    {
        Step = Step,
        Epoch = Epoch,
        Batch = Batch,
        Loss = _loss,
        SmoothedLoss = _smoothedLoss,
        LearningRate = LearningRate,
        Elapsed = Elapsed,
        Fraction = Used(budget),
        StartFraction = budget.Used(_startStep, TimeSpan.Zero),
        PeoplePerSecond = _people / Math.Max(1e-9, Clock.Elapsed.TotalSeconds),
        WaitingShare = Waiting / TimeSpan.FromTicks(Math.Max(1, Clock.Elapsed.Ticks)),
    };
}
