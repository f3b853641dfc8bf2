using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>Drawn people, a small network's loader, and what else short runs need.</summary>
internal static class SmallRun
{
    public const int BatchSize = 6;

    /// <summary>Steps of <see cref="Train"/>: two epochs and three batches.</summary>
    public const int Steps = 11;

    private static readonly SyntheticPeopleDataset People = new(
        KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 24, ImageSize = new ImageSize(80, 64) });

    /// <summary>Four batches an epoch.</summary>
    public static PoseDataLoader Loader(long seed = 3, int batchSize = BatchSize, MspnOptions? options = null, ImageSize? heatmaps = null)
    {
        var input = (options ?? TinyNetworks.Options).InputSize;
        var encoder = new CropEncoder(
            KeypointSchemas.Coco17, input, heatmaps ?? new ImageSize(input.Height / 4, input.Width / 4), new PoseInput(),
            new CoarseToFineHeatmapTarget(), CropAugmentation.Simple);
        return new PoseDataLoader(People, encoder, new PoseLoaderOptions { BatchSize = batchSize, Seed = seed });
    }

    public static TrainerOptions Options(string folder, int steps) => new()
    {
        Budget = TrainingBudget.OfSteps(steps),
        OutputFolder = folder,
        Schedule = new LearningRateSchedule { BaseRate = 1e-3, WarmupSteps = 2 },
    };

    /// <summary>A run of a tiny network.</summary>
    /// <param name="cancelAt">The step after which it is cancelled, if any.</param>
    /// <param name="everyStep">Whether a checkpoint is written after each step.</param>
    public static TrainingProgress Train(
        TemporaryFolder folder, bool channelsLast = true, bool resume = false, int cancelAt = 0, int networkSeed = 1, bool everyStep = false,
        ILogger? logger = null, IPoseLoss? loss = null, params ITrainingLog[] logs)
    {
        using var source = new CancellationTokenSource();
        using var network = TinyNetworks.Mspn(seed: networkSeed);
        var options = Options(folder.Path, Steps) with { ChannelsLast = channelsLast };
        if (everyStep)
        {
            options = options with { CheckpointInterval = TimeSpan.Zero };
        }
        var reports = new Reports(p =>
        {
            if (p.Step == cancelAt)
            {
                source.Cancel();
            }
        });
        return new Trainer(network, loss ?? new MultiStageLoss(), Loader(), options, logger) { Logs = logs }.Run(resume, reports, source.Token);
    }

    /// <summary>All that a stepper moves: weights and statistics, and under <c>state/</c> Adam's moments and the average.</summary>
    public static Dictionary<string, byte[]> State(nn.Module network, TrainingStepper stepper) => TensorBytes.Snapshot(network)
        .Concat(stepper.OptimizerState().Moments.Concat(stepper.Average()).Select(m => KeyValuePair.Create("state/" + m.Key, m.Value.Bytes())))
        .ToDictionary();

    public static string Checkpoint(string folder) => Path.Combine(folder, "checkpoint.safetensors");

    public static string PreviousCheckpoint(string folder) => Path.Combine(folder, "checkpoint.previous.safetensors");

    /// <summary>Where the run stood that wrote a checkpoint.</summary>
    public static TrainingState PlaceOf(string checkpoint)
    {
        using var file = SafeTensorsFile.Open(checkpoint);
        return JsonSerializer.Deserialize<TrainingState>(file.Metadata["mspn.training"])!;
    }

    /// <summary>All tensors of a checkpoint: weights, statistics and Adam's moments.</summary>
    public static Dictionary<string, byte[]> Tensors(string checkpoint)
    {
        using var file = SafeTensorsFile.Open(checkpoint);
        return file.Names.ToDictionary(name => name, name =>
        {
            using var tensor = file.Read(name);
            return tensor.Bytes();
        });
    }
}
