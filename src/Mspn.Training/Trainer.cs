using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training;

/// <summary>Trains a pose network: epochs of batches, a learning rate that warms up and decays, checkpoints, progress.</summary>
/// <remarks>
/// A run can be cancelled or killed at any time and resumed in the same folder; with a budget of steps the resumed run computes what the
/// uninterrupted one would have. Not thread-safe.
/// </remarks>
public sealed class Trainer
{
    private const double Smoothing = 0.02;

    private readonly IPoseNetwork _network;
    private readonly IPoseLoss _loss;
    private readonly PoseDataLoader _loader;
    private readonly TrainerOptions _options;
    private readonly ILogger _logger;
    private readonly CheckpointFolder _checkpoints;

    /// <summary>Creates a trainer.</summary>
    /// <param name="network">The network; trained in place. The caller disposes it.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="loader">The data.</param>
    /// <param name="options">How long, where to, how fast.</param>
    /// <param name="logger">Told about checkpoints and epochs.</param>
    public Trainer(IPoseNetwork network, IPoseLoss loss, PoseDataLoader loader, TrainerOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentNullException.ThrowIfNull(options);
        if (loader.Encoder.HeatmapSize != network.HeatmapSize || loader.Encoder.InputSize != network.InputSize)
        {
            throw new ArgumentException(
                $"The loader makes crops of {loader.Encoder.InputSize} with maps of {loader.Encoder.HeatmapSize}, but the network takes "
                + $"{network.InputSize} and gives {network.HeatmapSize}.", nameof(loader));
        }
        _network = network;
        _loss = loss;
        _loader = loader;
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _checkpoints = new CheckpointFolder(options.OutputFolder);
    }

    /// <summary>Called after every epoch, outside the training time; the network is in evaluation mode.</summary>
    public Action<TrainingProgress>? EpochEnded { get; init; }

    /// <summary>Another program's checkpoint to go on from, unless the run is resumed from one of its own. Default null: the network as it is.</summary>
    public TrainingStart? Start { get; init; }

    /// <summary>Trains until the budget is used up.</summary>
    /// <param name="resume">Whether to go on from the folder's checkpoint, if there is one. Default false: start anew, or from <see cref="Start"/>.</param>
    /// <param name="progress">Told about every step.</param>
    /// <param name="cancellation">Ends the run after the step at hand; a checkpoint is written first.</param>
    /// <returns>Where the run ended.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; it can be resumed.</exception>
    /// <exception cref="NonFiniteLossException">The loss became infinite or not a number.</exception>
    /// <exception cref="PoseDataException">An image is bad, the output folder cannot be written, or a checkpoint does not fit.</exception>
    public TrainingProgress Run(bool resume = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        NativeTorch.Initialize(_logger);
        _checkpoints.CheckWritable();
        NativeMemory.KeepFreed();
        using var stepper = new TrainingStepper(_network, _loss, _options.WeightDecay, _options.ChannelsLast);
        var run = new RunState();
        if (!(resume && run.Continue(_checkpoints.Restore(_network, stepper, _logger), _loader, _checkpoints.Newest, _logger)) && Start is { } start)
        {
            run.StartAt(start.Apply(_network, stepper, _options.WeightDecay, _logger), _loader.BatchesPerEpoch);
        }
        try
        {
            while (run.Used(_options.Budget) < 1)
            {
                RunEpoch(stepper, run, progress, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            Save(stepper, run);
            throw;
        }
        finally
        {
            _network.Module.eval();
        }
        Save(stepper, run);
        return run.Report(_options.Budget);
    }

    private void RunEpoch(TrainingStepper stepper, RunState run, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        run.Clock.Start();
        var waitingSince = Stopwatch.GetTimestamp();
        foreach (var batch in _loader.Epoch(run.Epoch, run.Batch, cancellation))
        {
            using (batch)
            {
                run.Waiting += Stopwatch.GetElapsedTime(waitingSince);
                run.LearningRate = _options.Schedule.RateAt(run.Step + 1, _options.Budget, run.Elapsed);
                var loss = stepper.Step(batch.Images, batch.Targets, run.LearningRate);
                if (!double.IsFinite(loss))
                {
                    throw new NonFiniteLossException(run.Step + 1, loss, Names(batch), File.Exists(_checkpoints.Newest) ? _checkpoints.Newest : null);
                }
                run.Advance(loss, batch.Indices.Count, Smoothing);
            }
            progress?.Report(run.Report(_options.Budget));
            if (run.Used(_options.Budget) >= 1)
            {
                break;
            }
            cancellation.ThrowIfCancellationRequested();
            if (run.Elapsed - run.SavedAt > _options.CheckpointInterval)
            {
                Save(stepper, run);
            }
            waitingSince = Stopwatch.GetTimestamp();
        }
        run.Clock.Stop();
        if (run.Batch == _loader.BatchesPerEpoch)
        {
            run.Epoch++;
            run.Batch = 0;
        }
        _network.Module.eval();
        EpochEnded?.Invoke(run.Report(_options.Budget));
    }

    private void Save(TrainingStepper stepper, RunState run)
    {
        if (run.Step == 0)
        {
            return; // Adam has no moments before its first step, and nothing is lost
        }
        _checkpoints.Save(_network, stepper, run.ToState(_loader));
        run.SavedAt = run.Elapsed;
        _logger.LogInformation("Step {Step}: wrote {File}.", run.Step, _checkpoints.Newest);
    }

    private List<string> Names(PoseBatch batch) =>
        [.. batch.Indices.Select(i => $"{_loader.Dataset[i].ImageName} (annotation {_loader.Dataset[i].Id})")];

    private sealed class RunState
    {
        private TimeSpan _before;
        private double _smoothedLoss = double.NaN;
        private double _loss = double.NaN;
        private long _people;

        public int Step { get; private set; }

        public int Epoch { get; set; }

        public int Batch { get; set; }

        public double LearningRate { get; set; }

        public TimeSpan Waiting { get; set; }

        public TimeSpan SavedAt { get; set; }

        public Stopwatch Clock { get; } = new();

        public TimeSpan Elapsed => _before + Clock.Elapsed;

        public double Used(TrainingBudget budget) => budget.Used(Step, Elapsed);

        public void Advance(double loss, int people, double smoothing)
        {
            Step++;
            Batch++;
            _people += people;
            _loss = loss;
            _smoothedLoss = double.IsNaN(_smoothedLoss) ? loss : _smoothedLoss + smoothing * (loss - _smoothedLoss);
        }

        public void StartAt(int step, int batchesPerEpoch) => (Step, Epoch, Batch) = (step, step / batchesPerEpoch, step % batchesPerEpoch);

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
            (Step, Epoch, Batch, _smoothedLoss) = (state.Step, state.Epoch, state.Batch, state.SmoothedLoss);
            _before = SavedAt = TimeSpan.FromSeconds(state.ElapsedSeconds);
            logger.LogInformation("Resumed at step {Step}, epoch {Epoch}.", Step, Epoch);
            return true;
        }

        public TrainingState ToState(PoseDataLoader loader) =>
            new(Step, Epoch, Batch, Elapsed.TotalSeconds, _smoothedLoss, loader.Options.Seed, loader.Options.BatchSize, loader.Dataset.Count);

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
            PeoplePerSecond = _people / Math.Max(1e-9, Clock.Elapsed.TotalSeconds),
            WaitingShare = Waiting / TimeSpan.FromTicks(Math.Max(1, Clock.Elapsed.Ticks)),
        };
    }
}
