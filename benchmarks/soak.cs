#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Trains a very small network for a long time, checkpoints and validation included, and says whether memory stays flat.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;

var steps = new Option<int>("--steps") { Description = "Optimiser steps.", DefaultValueFactory = _ => 10_000 };
var every = new Option<int>("--every") { Description = "Steps between two lines of the table.", DefaultValueFactory = _ => 500 };
var batch = new Option<int>("--batch") { Description = "People per step.", DefaultValueFactory = _ => 8 };
var annotations = new Option<string?>("--annotations") { Description = "COCO keypoint JSON of photos, decoded anew for every step. [default: synthetic people]" };
var images = new Option<string?>("--images") { Description = "The folder that file names in the JSON are relative to." };
var command = new RootCommand("Watches memory and time over many training steps.") { steps, every, batch, annotations, images };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (given.GetValue(annotations) is null != given.GetValue(images) is null)
    {
        throw new ArgumentException("--annotations and --images go together.");
    }
    IPoseDataset people = given.GetValue(annotations) is { } file
        ? CocoKeypointDataset.Load(file, given.GetValue(images)!)
        : new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { ImageSize = new ImageSize(64, 56) });
    torch.random.manual_seed(0);
    using var network = new MspnNetwork(new MspnOptions
    {
        Keypoints = people.Schema,
        InputSize = new ImageSize(48, 48),
        BaseChannels = 4,
        BlocksPerLevel = [1, 1, 1, 1],
        UpsampleChannels = 8,
        ConvolutionBias = false,
    });
    var input = new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25 };
    var encoder = new CropEncoder(
        people.Schema, network.InputSize, network.HeatmapSize, input, new CoarseToFineHeatmapTarget(), CropAugmentation.Simple);
    var loader = new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = given.GetValue(batch), Workers = 1 });
    var watch = new Watch(given.GetValue(every));
    var folder = Directory.CreateTempSubdirectory("mspn-soak-");
    Console.WriteLine(
        $"{people.GetType().Name}, {people.Count} people; {network.InputSize} crops, {NetworkSummary.Of(network).Parameters} parameters, batches of {given.GetValue(batch)}, "
        + $"{torch.get_num_threads()} thread(s).");
    try
    {
        new Trainer(network, new MultiStageLoss(), loader, new TrainerOptions
        {
            OutputFolder = folder.FullName,
            Budget = TrainingBudget.OfSteps(given.GetValue(steps)),
            Schedule = new LearningRateSchedule { BaseRate = 1e-3, WarmupSteps = 100 },
            CheckpointInterval = TimeSpan.FromSeconds(20),
        })
        {
            Logs = [new CsvTrainingLog(Path.Combine(folder.FullName, "curve.csv"))],
            Validation = new TrainingValidation("poses", (_, stop) =>
            {
                using var estimator = new PoseEstimator(network, input, new PoseEstimatorOptions { FlipTest = true });
                return estimator.Estimate(people, cancellation: stop).Take(given.GetValue(batch)).Count();
            })
            {
                EverySteps = given.GetValue(every),
            },
        }.Run(progress: watch, cancellation: cancellation);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
    watch.Conclude();
});

/// <summary>Prints a line every so many steps.</summary>
internal sealed class Watch(int every) : IProgress<TrainingProgress>
{
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly MemoryWatch _memory = new("steps");
    private (TimeSpan Wall, TimeSpan Processor) _before = (TimeSpan.Zero, Process.GetCurrentProcess().TotalProcessorTime);
    private bool _begun;

    public void Report(TrainingProgress value)
    {
        // Between two steps; how many batches wait ready in the loader differs.
        _memory.CountTensors();
        if (value.Step % every != 0)
        {
            return;
        }
        if (!_begun)
        {
            Console.WriteLine("| step | resident MB | managed heap MB | live tensors | ms a step | processor ms a step | loss |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            _begun = true;
        }
        _process.Refresh();
        var (wall, processor) = (value.Elapsed - _before.Wall, _process.TotalProcessorTime - _before.Processor);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {value.Step} | {_memory.Sample(value.Step)} | {wall.TotalMilliseconds / every:0.0} | {processor.TotalMilliseconds / every:0.0} | {value.SmoothedLoss:0} |"));
        _before = (value.Elapsed, _process.TotalProcessorTime);
    }

    public void Conclude() => Console.WriteLine(_memory.Conclusion());
}
