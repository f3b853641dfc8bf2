#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// The ablations of the MSPN paper, small: trains every variant with every seed, and writes a table and its picture. Ctrl+C ends it, the same command goes on.
using System.CommandLine;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;

var annotations = new Option<string>("--annotations") { Description = "Training annotations, COCO keypoint JSON.", Required = true };
var images = new Option<string>("--images") { Description = "The folder that file names in the JSON are relative to.", Required = true };
var val = new Option<string>("--val") { Description = "Validation annotations.", Required = true };
var valImages = new Option<string?>("--val-images") { Description = "Image folder of the validation annotations. [default: as --images]" };
var output = new Option<string>("--out") { Description = "Folder of the study: checkpoints, results, table.md, table.csv, table.png.", Required = true };
var preset = new Option<string?>("--preset") { Description = $"A table of the paper: {string.Join(", ", AblationChoice.Presets.Keys)}. [default: the grid below]" };
var modules = new Option<string>("--modules") { Description = "Kinds of stages of the grid.", DefaultValueFactory = _ => "mspn" };
var stages = new Option<string>("--stages") { Description = "Numbers of stages of the grid.", DefaultValueFactory = _ => "1,2" };
var aggregation = new Option<string>("--aggregation") { Description = "on, off or on,off.", DefaultValueFactory = _ => "on" };
var coarseToFine = new Option<string>("--coarse-to-fine") { Description = "on, off or on,off.", DefaultValueFactory = _ => "on" };
var ohkm = new Option<string>("--ohkm") { Description = "on, off or on,off.", DefaultValueFactory = _ => "on" };
var seeds = new Option<int>("--seeds") { Description = "Seeds for each variant.", DefaultValueFactory = _ => 3 };
var steps = new Option<int>("--steps") { Description = "Optimiser steps of each run.", DefaultValueFactory = _ => 2500 };
var size = new Option<string>("--size") { Description = "Height x width of the crops.", DefaultValueFactory = _ => "128x128" };
var width = new Option<int>("--width") { Description = "MSPN's channels on the first level.", DefaultValueFactory = _ => 16 };
var upsample = new Option<int>("--upsample") { Description = "MSPN's channels on the way up, the hourglass's everywhere.", DefaultValueFactory = _ => 64 };
var batch = new Option<int>("--batch") { Description = "People per step.", DefaultValueFactory = _ => 32 };
var rate = new Option<double>("--lr") { Description = "Learning rate after the warm-up of 300 steps.", DefaultValueFactory = _ => 2e-3 };
var topK = new Option<int>("--topk") { Description = "Hard keypoints that count at the finest scale.", DefaultValueFactory = _ => 8 };
var workers = new Option<int>("--workers") { Description = "Threads that prepare data.", DefaultValueFactory = _ => 2 };
var cache = new Option<int>("--cache-mb") { Description = "Memory for decoded images.", DefaultValueFactory = _ => 2048 };
var device = new Option<string>("--device") { Description = DeviceArgument.Description, DefaultValueFactory = _ => "cpu" };
var list = new Option<bool>("--list") { Description = "Only show the variants with their parameters and multiply-adds." };
var command = new RootCommand("Compares stages, cross-stage aggregation, coarse-to-fine supervision and hard keypoint mining.")
{
    annotations, images, val, valImages, output, preset, modules, stages, aggregation, coarseToFine, ohkm, seeds, steps, size, width, upsample, batch, rate, topK,
    workers, cache, device, list,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var logger = new ConsoleLogger();
    var crop = SizeArgument.Parse(given.GetValue(size)!);
    var place = DeviceArgument.Parse(given.GetValue(device)!);
    var name = given.GetValue(preset);
    var choices = name is not null
        ? AblationChoice.Presets.GetValueOrDefault(name) ?? throw new ArgumentException($"There is no preset '{name}'; there are {string.Join(", ", AblationChoice.Presets.Keys)}.")
        : [.. Grid().DistinctBy(c => c.Name)]; // a single stage has no others to aggregate from, for instance
    var people = CocoKeypointDataset.Load(given.GetValue(annotations)!, given.GetValue(images)!, logger: logger);
    MultiStageNetwork Build(AblationChoice choice) => choice.Build(people.Schema, crop, given.GetValue(width), given.GetValue(upsample));
    if (given.GetValue(list))
    {
        foreach (var choice in choices)
        {
            using var network = Build(choice);
            var summary = NetworkSummary.Of(network);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{choice.Name,-44}{summary.Parameters / 1e6,7:0.00} M parameters{summary.FinalMultiplyAdds / 1e6,8:0} M multiply-adds"));
        }
        return;
    }
    var validation = CocoKeypointDataset.Load(given.GetValue(val)!, given.GetValue(valImages) ?? given.GetValue(images)!, people.Schema, logger: logger);
    var cached = new CachedImages(people, given.GetValue(cache));
    var input = new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25 };
    var settings = string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(given.GetValue(annotations))}, {people.Count} people; {crop}, width {given.GetValue(width)}, upsample {given.GetValue(upsample)}; "
        + $"{given.GetValue(steps)} steps of {given.GetValue(batch)}, lr {given.GetValue(rate)}, topk {given.GetValue(topK)}; {Path.GetFileName(given.GetValue(val))}");
    var picture = Path.Combine(given.GetValue(output)!, "table.png");
    var study = new AblationStudy(
        given.GetValue(output)!, settings, "PCK@0.2", [.. choices.Select(c => c.Name)], [.. Enumerable.Range(0, given.GetValue(seeds)).Select(s => (long)s)], logger)
    {
        TableWritten = table =>
        {
            if (table.Rows.Count > 0)
            {
                AblationChart.Draw(table, name is null ? "Ablation" : $"Ablation: {name}", variant => choices.Single(c => c.Name == variant).Title).Save(picture);
            }
        },
    };
    var table = study.Run(Train, cancellation);
    Console.WriteLine(table.ToMarkdown());
    Console.WriteLine($"torso PCK@0.2 with flip test on {validation.Count} people, ground-truth boxes; wrote table.md, table.csv and table.png in {given.GetValue(output)}");

    AblationResult Train(string variant, long seed, string folder)
    {
        var choice = choices.Single(c => c.Name == variant);
        torch.random.manual_seed(seed);
        using var network = Build(choice);
        network.to(place);
        var encoder = new CropEncoder(
            people.Schema, network.InputSize, network.HeatmapSize, input, new CoarseToFineHeatmapTarget(), CropAugmentation.Simple);
        var loader = new PoseDataLoader(
            cached, encoder, new PoseLoaderOptions { BatchSize = given.GetValue(batch), Workers = given.GetValue(workers), Seed = seed });
        var trainer = new Trainer(network, choice.Loss(Math.Min(given.GetValue(topK), people.Schema.Count)), loader, new TrainerOptions
        {
            OutputFolder = folder,
            Budget = TrainingBudget.OfSteps(given.GetValue(steps)),
            Schedule = new LearningRateSchedule { BaseRate = given.GetValue(rate), WarmupSteps = 300 },
        });
        var end = trainer.Run(resume: true, new ConsoleTrainingProgress(), cancellation);
        ConsoleLine.End();
        using var estimator = new PoseEstimator(network, input, new PoseEstimatorOptions { FlipTest = true });
        var score = Validation.Run(estimator, validation, cancellation: cancellation).Pck.Result().Value;
        var summary = NetworkSummary.Of(network);
        return new AblationResult(variant, seed, score, summary.Parameters, summary.FinalMultiplyAdds, end.Step, end.Elapsed.TotalSeconds);
    }

    IEnumerable<AblationChoice> Grid() =>
        from module in given.GetValue(modules)!.Split(',')
        from count in given.GetValue(stages)!.Split(',')
        from aggregates in Switches(given.GetValue(aggregation)!)
        from narrows in Switches(given.GetValue(coarseToFine)!)
        from mines in Switches(given.GetValue(ohkm)!)
        select AblationChoice.Modules.Contains(module) && int.TryParse(count, out var number) && number > 0
            ? new AblationChoice(module, number, aggregates, narrows, mines)
            : throw new ArgumentException($"The grid has stages of {string.Join(" or ", AblationChoice.Modules)} in numbers like 1,2, not '{module}' and '{count}'.");
});

static IEnumerable<bool> Switches(string text) => text.Split(',').Select(t => t switch
{
    "on" => true,
    "off" => false,
    _ => throw new ArgumentException($"A switch is on, off or on,off, not '{text}'."),
});
