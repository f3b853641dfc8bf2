using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training;

/// <summary>Trains a pose network: epochs of batches, a learning rate that warms up and decays, checkpoints, validation, progress.</summary>
/// <remarks>
/// A run can be cancelled or killed at any time and resumed in the same folder; with a budget of steps the resumed run computes what the
/// uninterrupted one would have. Not thread-safe.
/// </remarks>
public sealed class Trainer
{
    private readonly IPoseNetwork _network;
    private readonly IPoseLoss _loss;
    private readonly PoseDataLoader _loader;
    private readonly TrainerOptions _options;
    private readonly ILogger _logger;
    private readonly CheckpointFolder _checkpoints;
    private TrainingLogs? _logs;

    /// <summary>Creates a trainer.</summary>
    /// <param name="network">The network; trained in place. The caller disposes it.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="loader">The data.</param>
    /// <param name="options">How long, where to, how fast.</param>
    /// <param name="logger">Told about checkpoints and epochs.</param>
    /// <exception cref="ArgumentException">The loader's crops, maps or keypoints are not the network's, or an option is out of range.</exception>
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
        Require.SameKeypoints("the loader", loader.Encoder.Schema, "the network", network.Keypoints, nameof(loader));
        _network = network;
        _loss = loss;
        _loader = loader;
        _options = options.Validated();
        _logger = logger ?? NullLogger.Instance;
        _checkpoints = new CheckpointFolder(options.OutputFolder);
    }

    /// <summary>
    /// Called after every epoch and where the budget ends within one, outside the training time; the network is in evaluation mode. Default null: nobody.
    /// </summary>
    public Action<TrainingProgress>? EpochEnded { get; init; }

    /// <summary>
    /// Scores the network during training; the weights with the best score are kept as <c>best.safetensors</c>, a model file, beside the checkpoints. Default
    /// null: nothing is scored. The time it takes is not counted.
    /// </summary>
    public TrainingValidation? Validation { get; init => field = value?.Validated(); }

    /// <summary>Told about every step and every validation. Default none.</summary>
    public IReadOnlyList<ITrainingLog> Logs { get; init; } = [];

    /// <summary>Another program's checkpoint to go on from, unless the run is resumed from one of its own. Default null: the network as it is.</summary>
    public TrainingStart? Start { get; init; }

    /// <summary>Trains until the budget is used up.</summary>
    /// <param name="resume">Whether to go on from the folder's checkpoint, if there is one. Default false: start anew, or from <see cref="Start"/>.</param>
    /// <param name="progress">Told about every step.</param>
    /// <param name="cancellation">Ends the run after the step at hand; a checkpoint is written first.</param>
    /// <returns>Where the run ended.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; it can be resumed.</exception>
    /// <exception cref="NonFiniteLossException">The loss became infinite or not a number.</exception>
    /// <exception cref="PoseDataException">An image is bad, the output folder cannot be written, or a checkpoint or its recipe does not fit.</exception>
    public TrainingProgress Run(bool resume = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        NativeTorch.Initialize(_logger);
        _checkpoints.Prepare();
        // Another run's checkpoints keep their recipe until this run has one of its own: they could be gone on with as if they were this run's.
        if (resume || !_checkpoints.Exist)
        {
            EnterRecipe(resumed: resume && _checkpoints.Exist);
        }
        using var stepper = new TrainingStepper(_network, _loss, _options.StepOptions);
        foreach (var layer in stepper.Layers)
        {
            _logger.LogInformation("Layers {Rule}.", layer);
        }
        var run = new RunState();
        var resumed = resume && run.Continue(_checkpoints.Restore(_network, stepper, _logger), _loader, _checkpoints.Newest, _logger);
        if (!resumed && Start is { } start)
        {
            run.StartAt(start.Apply(_network, stepper, _options.WeightDecay, _logger), _loader.BatchesPerEpoch, _options.Accumulation);
        }
        using var logs = _logs = new TrainingLogs(Logs, _logger);
        logs.Begin(run.Step, resumed);
        try
        {
            Validate(stepper, run, cancellation); // where it was cancelled before
            while (run.Used(_options.Budget) < 1)
            {
                cancellation.ThrowIfCancellationRequested();
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
        stepper.SwapAverage();
        return run.Report(_options.Budget);
    }

    /// <summary>Tells the logs a score besides that of <see cref="Validation"/>, such as in <see cref="EpochEnded"/>; outside a run nobody is told.</summary>
    /// <param name="progress">Where the run stands.</param>
    /// <param name="scores">The scores by name.</param>
    public void LogScores(TrainingProgress progress, IReadOnlyDictionary<string, double> scores) => _logs?.Validated(progress, scores);

    private void RunEpoch(TrainingStepper stepper, RunState run, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        run.Clock.Start();
        var waitingSince = Stopwatch.GetTimestamp();
        // Of several batches the first ones have already moved the normalisations' statistics, so a step that has begun is finished.
        foreach (var batch in _loader.Epoch(run.Epoch, run.Batch, _options.Accumulation == 1 ? cancellation : CancellationToken.None))
        {
            using (batch)
            {
                run.Waiting += Stopwatch.GetElapsedTime(waitingSince);
                var rate = _options.Schedule.RateAt(run.Step + 1, _options.Budget, run.Elapsed);
                var loss = _options.Accumulation == 1
                    ? stepper.Step(batch.Images, batch.Targets, rate)
                    : stepper.Accumulate(batch.Images, batch.Targets);
                if (!double.IsFinite(loss))
                {
                    throw new NonFiniteLossException(run.Step + 1, loss, Names(batch), _checkpoints.LastGood);
                }
                if (!run.Take(loss, batch.Indices.Count, _options.Accumulation, _loader.BatchesPerEpoch))
                {
                    waitingSince = Stopwatch.GetTimestamp();
                    continue;
                }
                run.LearningRate = rate;
                if (_options.Accumulation > 1)
                {
                    stepper.Step(rate);
                }
                run.Advance();
            }
            var report = run.Report(_options.Budget);
            _logs!.Step(report);
            progress?.Report(report);
            if (run.Used(_options.Budget) >= 1)
            {
                break;
            }
            Validate(stepper, run, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (run.Elapsed - run.SavedAt > _options.CheckpointInterval)
            {
                Save(stepper, run);
            }
            waitingSince = Stopwatch.GetTimestamp();
        }
        run.Clock.Stop();
        // Above it where the run was begun with incomplete batches, which are left out now.
        if (run.Batch >= _loader.BatchesPerEpoch)
        {
            run.Epoch++;
            run.Batch = 0;
        }
        Observe(stepper, run, EpochEnded);
        Validate(stepper, run, cancellation);
    }

    private void Validate(TrainingStepper stepper, RunState run, CancellationToken cancellation)
    {
        if (Validation is not { } validation || !validation.IsDue(run, ended: run.Used(_options.Budget) >= 1))
        {
            return;
        }
        Observe(stepper, run, at =>
        {
            var score = validation.Score(at, cancellation);
            var best = run.Scored(score);
            if (best)
            {
                PoseModelFile.Save(_checkpoints.Best, _network, _loader.Encoder.Input);
            }
            LogScores(at, new Dictionary<string, double> { [validation.Name] = score });
            _logger.LogInformation("Step {Step}: {Name} {Score:0.0000}{Best}.", run.Step, validation.Name, score, best ? $", the best; wrote {_checkpoints.Best}" : string.Empty);
        });
    }

    // Lets somebody look at the network as it would be used, outside the training time.
    private void Observe(TrainingStepper stepper, RunState run, Action<TrainingProgress>? observer)
    {
        _network.Module.eval();
        if (observer is null)
        {
            return;
        }
        var running = run.Clock.IsRunning;
        run.Clock.Stop();
        stepper.SwapAverage();
        try
        {
            observer(run.Report(_options.Budget));
        }
        finally
        {
            stepper.SwapAverage();
        }
        if (running)
        {
            run.Clock.Start();
        }
    }

    private void Save(TrainingStepper stepper, RunState run)
    {
        if (!run.HasTrained)
        {
            return; // there is no loss yet, and nothing is lost
        }
        if (_checkpoints.LastGood is null)
        {
            EnterRecipe(resumed: false);
        }
        _checkpoints.Save(_network, stepper, run.ToState(_loader));
        run.SavedAt = run.Elapsed;
        _logger.LogInformation("Step {Step}: wrote {File}.", run.Step, _checkpoints.Newest);
    }

    private void EnterRecipe(bool resumed)
    {
        if (_options.Recipe is { } recipe)
        {
            RecipeFile.Enter(_options.OutputFolder, recipe, resumed);
        }
    }

    private List<string> Names(PoseBatch batch) =>
        [.. batch.Indices.Select(i => $"{_loader.Dataset[i].ImageName} (annotation {_loader.Dataset[i].Id})")];
}
