#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Everybody at once, without boxes: trains a small OpenPose on synthetic images of one to three people, finds the people of images it has
// never seen, counts how many of them, and draws some.
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

var minutes = new Option<double>("--minutes") { Description = "Training time.", DefaultValueFactory = _ => 5 };
var output = new Option<string>("--out") { Description = "Folder for weights and the picture.", DefaultValueFactory = _ => "out/bottomup" };
var seed = new Option<long>("--seed") { Description = "Fixes people, weights, order and augmentation.", DefaultValueFactory = _ => 0 };
var command = new RootCommand("Trains a small OpenPose on synthetic images of several people, finds everybody in unseen ones and writes bottomup.png.")
{
    minutes, output, seed,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var watch = Stopwatch.StartNew();
    var folder = given.GetValue(output)!;

    // People who more or less face the camera; other seeds are other people. A whole image is one sample, with everybody in it.
    var kind = new SyntheticPeopleOptions
    {
        ImageSize = new ImageSize(128, 160), MinFiguresPerImage = 1, MaxFiguresPerImage = 3, MinFigureHeight = 0.75, MaxFigureHeight = 0.95,
        MaxTurn = 45, MaxRotation = 12, OcclusionProbability = 0.08, TruncationProbability = 0,
    };
    var people = new SyntheticPeopleDataset(KeypointSchemas.OpenPose18, kind with { Count = 3000, Seed = given.GetValue(seed) });
    var unseen = new SyntheticPeopleDataset(KeypointSchemas.OpenPose18, kind with { Count = 150, Seed = given.GetValue(seed) + 1_000_003 });
    var images = new WholeImageDataset(people);

    // OpenPose in small: two stages instead of six, small kernels, few channels.
    torch.random.manual_seed(given.GetValue(seed));
    using var network = new OpenPose(new OpenPoseOptions
    {
        InputSize = kind.ImageSize, Stages = 2, BaseChannels = 10, Channels = 40, FirstStageChannels = 64, Kernel = 3,
    });
    Console.WriteLine(network);
    var input = new PoseInput
    {
        BoxScaleX = 1, BoxScaleY = 1, HeatmapPeak = 1, WholeImage = new WholeImageOptions { Height = kind.ImageSize.Height, Scales = [1] },
    };

    // Narrower than OpenPose's, because the people are smaller: a head is hardly more than one of the network's cells of 8 pixels.
    var targets = new PartAffinityTarget(network.Layout, sigma: 0.7, limbWidth: 0.7);

    // Most cells are empty and the peak is 1, so mean squared errors are tiny. Adam does not mind, but an L2 term of the usual size would outweigh
    // their gradients: it is off below, and Caffe's scale, half the sum over an image, gives numbers that can be read.
    var half = network.HeatmapSize.Height * network.HeatmapSize.Width / 2.0;
    var loss = new PartAffinityLoss { HeatmapWeight = (people.Schema.Count + 1) * half, FieldWeight = 2 * network.Layout.Count * half };

    // No half bodies: everybody in the image is to be found.
    var augmentation = CropAugmentation.Simple with { BoxScale = 1, RotationDegrees = 10, ScaleLow = 0.9, ScaleHigh = 1.1, ShiftFraction = 0.05 };
    var encoder = new CropEncoder(people.Schema, network.InputSize, network.HeatmapSize, input, targets, augmentation);
    var loader = new PoseDataLoader(new CachedImages(images), encoder, new PoseLoaderOptions { BatchSize = 10, Seed = given.GetValue(seed) });
    var trainer = new Trainer(network, loss, loader, new TrainerOptions
    {
        OutputFolder = folder,
        Budget = TrainingBudget.OfTime(TimeSpan.FromMinutes(given.GetValue(minutes))),
        // There is no normalisation between the layers. In 200 steps on four images, 4e-3 after a warm-up learns everybody, 1e-3 needs twice the
        // steps, and 1e-2 without a warm-up or 3e-2 with one learn nothing at all.
        Schedule = new LearningRateSchedule { BaseRate = 4e-3, WarmupSteps = 100 },
        WeightDecay = 0,
    });
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"Training on {images.Count} images of {people.Count} synthetic people for {given.GetValue(minutes)} minutes."));
    var end = trainer.Run(progress: new ConsoleTrainingProgress(), cancellation: cancellation);
    ConsoleLine.End();
    var weights = Path.Combine(folder, "bottomup.safetensors");
    PoseModelFile.Save(weights, network, input);

    // Looking for everybody in images of another seed, with the saved file.
    using var estimator = PoseEstimator.Load(weights, new PoseEstimatorOptions { FlipTest = true });
    var unseenImages = new WholeImageDataset(unseen);
    var evaluator = new PeopleFoundEvaluator(threshold: 0.1, share: 0.5);
    var pictures = new List<RgbImage>();
    for (var i = 0; i < unseenImages.Count; i++)
    {
        var image = unseenImages.LoadImage(i);
        var poses = estimator.EstimateEverybody(image, cancellation);
        evaluator.Add([.. unseenImages.PeopleOf(i).Select(person => unseen[person])], [.. poses.Select(pose => pose.Keypoints)]);
        if (pictures.Count < 12)
        {
            pictures.Add(PoseRenderer.Draw(image, poses));
        }
    }
    var result = evaluator.Result;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{end.Step} steps. Found {result.Found} of {result.People} people in {unseenImages.Count} unseen images, and {result.False} who are not there; "
        + $"{result.CorrectShare:0.000} of all keypoints are right (flip test)."));
    Console.WriteLine("Right is a keypoint within a tenth of the longer side of the person's box, found a person with half of the keypoints right.");
    var picture = Path.Combine(folder, "bottomup.png");
    ImageSheet.Compose(pictures, columns: 4, cellHeight: 256).Save(picture);
    Console.WriteLine($"Wrote {weights} and {picture} after {watch.Elapsed:m\\:ss} minutes.");
});
