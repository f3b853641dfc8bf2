#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Trains a pose network on people annotated in COCO's keypoint format, and validates it as it goes.
using System.CommandLine;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;

var annotations = new Option<string>("--annotations") { Description = "Training annotations, COCO keypoint JSON.", Required = true };
var images = new Option<string>("--images") { Description = "The folder that file names in the JSON are relative to.", Required = true };
var val = new Option<string?>("--val") { Description = "Validation annotations; without them nothing is scored." };
var valImages = new Option<string?>("--val-images") { Description = "Image folder of the validation annotations. [default: as --images]" };
var schemaName = new Option<string?>("--schema") { Description = "coco17, mpii16, lsp14, crowdpose14 or openpose18. [default: the keypoints of the JSON's own category]" };
var output = new Option<string>("--out") { Description = "Folder for checkpoints, weights, the curve (CSV, PNG, TensorBoard) and a picture of validation.", Required = true };
var minutes = new Option<double?>("--minutes") { Description = "Train for this long. [default: 30, unless --epochs is given]" };
var epochs = new Option<int?>("--epochs") { Description = "Instead of --minutes: train for this many epochs; such a run can be repeated exactly." };
var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint in --out, if there is one." };
var start = new Option<string?>("--weights")
{
    Description = "Start from the weights of a model file or checkpoint of the same network, at any crop size; heads for other keypoints start afresh.",
};
var networkName = new Option<string>("--network")
{
    Description = $"The network, with its authors' targets and loss: {string.Join(", ", NetworkChoice.Names)}.",
    DefaultValueFactory = _ => "mspn",
};
var stages = new Option<int>("--stages") { Description = "Stages of MSPN, RSN and Hourglass.", DefaultValueFactory = _ => 2 };
var width = new Option<int>("--width") { Description = "Channels of the first level; the official networks have 64.", DefaultValueFactory = _ => 16 };
var blocks = new Option<string>("--blocks") { Description = "Bottlenecks per level; ResNet-50 has 3,4,6,3.", DefaultValueFactory = _ => "2,2,2,2" };
var upsample = new Option<int>("--upsample") { Description = "Channels of the up-sampling half; the official networks have 256.", DefaultValueFactory = _ => 64 };
var size = new Option<string>("--size") { Description = "Height x width of the crops.", DefaultValueFactory = _ => "128x128" };
var batch = new Option<int>("--batch") { Description = "People per step.", DefaultValueFactory = _ => 32 };
var rate = new Option<double>("--lr") { Description = "Learning rate after the warm-up.", DefaultValueFactory = _ => 2e-3 };
var warmup = new Option<int>("--warmup") { Description = "Steps of the warm-up.", DefaultValueFactory = _ => 300 };
var topK = new Option<int>("--topk") { Description = "Hard keypoints that count at the finest scale.", DefaultValueFactory = _ => 8 };
var visibility = new Option<VisibilityConvention>("--visibility")
{
    Description = "Keypoints that are not visible at the coarse scales: Official expects zeros for them, Mmpose ignores the unlabelled.",
    DefaultValueFactory = _ => VisibilityConvention.Mmpose,
};
var augmentation = new Option<string>("--augmentation")
{
    Description = $"How training crops vary: {string.Join(", ", AugmentationChoice.Names)}.",
    DefaultValueFactory = _ => "simple",
};
var device = new Option<string>("--device") { Description = DeviceArgument.Description, DefaultValueFactory = _ => "cpu" };
var bfloat16 = new Option<bool>("--bf16") { Description = "Compute convolutions in bfloat16: faster on processors that have instructions for it." };
var recompute = new Option<bool>("--recompute") { Description = "Compute activations again on the way back instead of keeping them: less memory, more time." };
var replicas = new Option<int>("--replicas")
{
    Description = "Copies of the network that share each batch: the number of cores makes small networks train almost twice as fast on two.",
    DefaultValueFactory = _ => 1,
};
var cache = new Option<int>("--cache-mb") { Description = "Memory for decoded images.", DefaultValueFactory = _ => 1024 };
var workers = new Option<int>("--workers") { Description = "Threads that prepare data.", DefaultValueFactory = _ => 2 };
var seed = new Option<long>("--seed") { Description = "Fixes weights, order and augmentation.", DefaultValueFactory = _ => 0 };
var recipeName = new Option<string?>("--recipe")
{
    Description = $"Train as a file says that an earlier run wrote (recipe.json), or as published: {string.Join(", ", TrainingRecipes.All.Keys)}. "
        + "Only --minutes, --epochs and --seed change it.",
};
var every = new Option<int>("--validate-every") { Description = "Epochs between two validations.", DefaultValueFactory = _ => 4 };
var command = new RootCommand("Trains a pose network on people annotated in COCO's keypoint format.")
{
    annotations, images, val, valImages, schemaName, output, minutes, epochs, resume, start, networkName, stages, width, blocks, upsample, size, batch, rate, warmup,
    topK, visibility, augmentation, device, bfloat16, recompute, replicas, cache, workers, seed, recipeName, every,
};
// What a recipe decides.
Option[] decided = [schemaName, networkName, stages, width, blocks, upsample, size, batch, rate, warmup, topK, visibility, augmentation, bfloat16, recompute, replicas];

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (given.GetValue(minutes) is not null && given.GetValue(epochs) is not null)
    {
        throw new ArgumentException("A run lasts for --minutes or for --epochs, not both.");
    }
    var place = DeviceArgument.Parse(given.GetValue(device)!);
    var folder = given.GetValue(output)!;
    var logger = new ConsoleLogger();
    var recipe = given.GetValue(recipeName) is { } known ? Published(given, known) : null;
    var (crop, bottlenecks) = (SizeArgument.Parse(given.GetValue(size)!), ParseBlocks(given.GetValue(blocks)!));
    var schema = recipe?.Keypoints ?? (given.GetValue(schemaName) is { } name ? KeypointSchemas.Get(name) : null);
    var people = CocoKeypointDataset.Load(given.GetValue(annotations)!, given.GetValue(images)!, schema, logger: logger);
    var validation = given.GetValue(val) is { } path
        ? CocoKeypointDataset.Load(path, given.GetValue(valImages) ?? given.GetValue(images)!, people.Schema, logger: logger)
        : null;
    recipe ??= Own(given, people.Schema, crop, bottlenecks);

    using var run = recipe.Build(new CachedImages(people, given.GetValue(cache)), folder, given.GetValue(workers));
    run.Network.Module.to(place);
    Console.WriteLine(run.Network);
    // A checkpoint to go on from replaces them.
    if (given.GetValue(start) is { } pretrained)
    {
        Console.WriteLine(FineTuning.Load(run.Network, pretrained));
    }

    var (curve, picture) = (Path.Combine(folder, "curve.csv"), Path.Combine(folder, "validation.png"));
    var trainer = new Trainer(run.Network, run.Loss, run.Loader, run.Options, logger)
    {
        Logs =
        [
            new CsvTrainingLog(curve),
            new TensorBoardLog(Path.Combine(folder, "tensorboard")),
            new CurvePicture(curve, Path.Combine(folder, "curve.png"), $"{given.GetValue(recipeName) ?? given.GetValue(networkName)}, {people.Count} people"),
        ],
        Validation = validation is null ? null : new TrainingValidation("torso PCK@0.2", (at, token) =>
        {
            ConsoleLine.End();
            using var estimator = new PoseEstimator(run.Network, recipe.Input);
            var (poses, evaluator) = Validation.Run(estimator, validation, cancellation: token);
            var pck = evaluator.Result().Value;
            Console.WriteLine($"epoch {at.Epoch}, {at.Elapsed.TotalMinutes:0.0} min: torso PCK@0.2 {pck:0.000} (ground-truth boxes, no flip test)");
            EvaluatedPeople.Of(validation, poses).EvenSheet().Save(picture);
            return pck;
        }) { EveryEpochs = given.GetValue(every) },
    };
    var end = trainer.Run(given.GetValue(resume), new ConsoleTrainingProgress(), cancellation);
    ConsoleLine.End();

    var weights = Path.Combine(folder, "weights.safetensors");
    PoseModelFile.Save(weights, run.Network, recipe.Input);
    Console.WriteLine($"{end.Step} steps in {end.Elapsed.TotalMinutes:0.0} min; wrote {weights}, the curve as {curve} and curve.png, and a folder for TensorBoard");
    if (validation is not null)
    {
        using var estimator = new PoseEstimator(run.Network, recipe.Input, new PoseEstimatorOptions { FlipTest = true });
        var (poses, flipped) = Validation.Run(estimator, validation, cancellation: cancellation);
        Console.WriteLine($"torso PCK@0.2 with flip test {flipped.Result().Value:0.000} (@0.1 {flipped.Result(0.1).Value:0.000}, "
            + $"@0.5 {flipped.Result(0.5).Value:0.000}); {flipped.Result().People} people, ground-truth boxes");
        EvaluatedPeople.Of(validation, poses).EvenSheet().Save(picture);
        Console.WriteLine($"wrote {picture} (prediction in colour, annotation in white)");
    }
});

TrainingRecipe Published(ParseResult given, string name)
{
    if (decided.Where(o => given.GetResult(o) is { Implicit: false }).Select(o => o.Name).ToArray() is { Length: > 0 } both)
    {
        throw new ArgumentException($"--recipe decides what {string.Join(", ", both)} would.");
    }
    var recipe = TrainingRecipes.All.TryGetValue(name, out var published) ? published : TrainingRecipe.Load(name);
    recipe = given.GetResult(seed) is { Implicit: false } ? recipe with { Seed = given.GetValue(seed) } : recipe;
    return given.GetValue(epochs) is null && given.GetValue(minutes) is null ? recipe : WithLength(given, recipe);
}

TrainingRecipe Own(ParseResult given, KeypointSchema keypoints, ImageSize crop, int[] bottlenecks)
{
    var choice = NetworkChoice.Get(
        given.GetValue(networkName)!, keypoints, crop, given.GetValue(stages), given.GetValue(width),
        bottlenecks, given.GetValue(upsample), given.GetValue(topK), given.GetValue(visibility));
    return WithLength(given, new TrainingRecipe
    {
        Name = given.GetValue(networkName)!,
        Network = choice.Network,
        Keypoints = keypoints,
        Input = choice.Input,
        Target = choice.Target,
        Loss = choice.Loss,
        Augmentation = AugmentationChoice.Get(given.GetValue(augmentation)!),
        Schedule = new LearningRateSchedule { BaseRate = given.GetValue(rate), WarmupSteps = given.GetValue(warmup) },
        BatchSize = given.GetValue(batch),
        BFloat16 = given.GetValue(bfloat16),
        Recompute = given.GetValue(recompute),
        Replicas = given.GetValue(replicas),
        Seed = given.GetValue(seed),
    });
}

TrainingRecipe WithLength(ParseResult given, TrainingRecipe recipe) => given.GetValue(epochs) is { } count
    ? recipe with { Epochs = count, Steps = null, Minutes = null }
    : recipe with { Epochs = null, Steps = null, Minutes = given.GetValue(minutes) ?? 30 };

static int[] ParseBlocks(string text) =>
    [.. text.Split(',').Select(t => int.TryParse(t, out var n) && n > 0
        ? n : throw new ArgumentException($"--blocks must look like 3,4,6,3, not '{text}'."))];
