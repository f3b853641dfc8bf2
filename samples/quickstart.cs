#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// From nothing to a pose network in a few minutes: trains a small two-stage MSPN on synthetic people, scores it on people it has never
// seen, and draws some of them.
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

var minutes = new Option<double>("--minutes") { Description = "Training time.", DefaultValueFactory = _ => 2.9 };
var output = new Option<string>("--out") { Description = "Folder for weights and the picture.", DefaultValueFactory = _ => "out" };
var seed = new Option<long>("--seed") { Description = "Fixes people, weights, order and augmentation.", DefaultValueFactory = _ => 0 };
var command = new RootCommand("Trains a small MSPN on synthetic people, scores it on unseen ones and writes quickstart.png.")
{
    minutes, output, seed,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var watch = Stopwatch.StartNew();
    var folder = given.GetValue(output)!;

    // People who more or less face the camera; other seeds are other people.
    var kind = new SyntheticPeopleOptions { MaxTurn = 45, MaxRotation = 12, OcclusionProbability = 0.08, TruncationProbability = 0 };
    var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, kind with { Count = 4000, Seed = given.GetValue(seed) });
    var unseen = new SyntheticPeopleDataset(KeypointSchemas.Coco17, kind with { Count = 400, Seed = given.GetValue(seed) + 1_000_003 });

    // The network, its input and its supervision.
    torch.random.manual_seed(given.GetValue(seed));
    using var network = new MspnNetwork(new MspnOptions
    {
        Keypoints = people.Schema,
        InputSize = new ImageSize(96, 96),
        Stages = 2,
        BaseChannels = 16,
        BlocksPerLevel = [1, 1, 1, 1],
        UpsampleChannels = 48,
        ConvolutionBias = false,
    });
    Console.WriteLine(network);
    var input = new PoseInput { BoxScaleX = 1.2, BoxScaleY = 1.2 };
    var targets = new CoarseToFineHeatmapTarget(kernels: [15, 11, 9, 7, 5]);
    var loss = new MultiStageLoss(new JointsMseLoss(VisibilityConvention.Mmpose), finest: new OhkmLoss(topK: 8));

    // Training.
    var augmentation = CropAugmentation.Simple with { BoxScale = 1.2, RotationDegrees = 10, ScaleLow = 0.9, ScaleHigh = 1.1, ShiftFraction = 0.03 };
    var encoder = new CropEncoder(people.Schema, network.InputSize, network.HeatmapSize, input, targets, augmentation);
    var loader = new PoseDataLoader(new CachedImages(people), encoder, new PoseLoaderOptions { BatchSize = 20, Seed = given.GetValue(seed) });
    var trainer = new Trainer(network, loss, loader, new TrainerOptions
    {
        OutputFolder = folder,
        Budget = TrainingBudget.OfTime(TimeSpan.FromMinutes(given.GetValue(minutes))),
        Schedule = new LearningRateSchedule { BaseRate = 3e-3, WarmupSteps = 60 },
    });
    Console.WriteLine($"Training on {people.Count} synthetic people for {given.GetValue(minutes).ToString(CultureInfo.InvariantCulture)} minutes.");
    var end = trainer.Run(progress: new ConsoleTrainingProgress(), cancellation: cancellation);
    ConsoleLine.End();
    var weights = Path.Combine(folder, "quickstart.safetensors");
    PoseModelFile.Save(weights, network, input);

    // Scoring on people of another seed, from the saved file.
    using var estimator = PoseEstimator.Load(weights, new PoseEstimatorOptions { FlipTest = true });
    var (poses, pck) = Validation.Run(estimator, unseen, cancellation: cancellation);
    var result = pck.Result(threshold: 0.2);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{end.Step} steps. PCK@0.2 (torso) on {result.People} unseen people: {result.Value:0.000} (ground-truth boxes, flip test)"));
    foreach (var (name, value) in result.PerKeypoint)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{value:0.000}"));
    }
    var picture = Path.Combine(folder, "quickstart.png");
    EvaluatedPeople.Of(unseen, poses).EvenSheet().Save(picture);
    Console.WriteLine($"Wrote {weights} and {picture} (prediction in colour, annotation in white) after {watch.Elapsed:m\\:ss} minutes.");
});
