#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Scores trained weights on annotated people.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;

var weights = new Option<string>("--weights") { Description = "A model file (.safetensors) written by this library.", Required = true };
var annotations = new Option<string>("--annotations") { Description = "Annotations, COCO keypoint JSON.", Required = true };
var images = new Option<string>("--images") { Description = "The folder that file names in the JSON are relative to.", Required = true };
var metric = new Option<string>("--metric") { Description = "pck (distances by --normalizer).", DefaultValueFactory = _ => "pck" };
metric.AcceptOnlyFromAmong("pck");
var normalizer = new Option<PckNormalizer>("--normalizer") { Description = "What distances are divided by.", DefaultValueFactory = _ => PckNormalizer.Torso };
var threshold = new Option<double>("--threshold") { Description = "Correct below this fraction.", DefaultValueFactory = _ => 0.2 };
var json = new Option<string?>("--json") { Description = "Also write the result to this file." };
var noFlip = new Option<bool>("--no-flip") { Description = "Do not average with the mirrored crops (half the time, a little worse)." };
var baseline = new Option<string?>("--baseline") { Description = "Training annotations: also score the mean pose of these people." };
var picture = new Option<string?>("--picture") { Description = "Also draw twelve of the people to this PNG." };
var command = new RootCommand("Scores trained weights on people annotated in COCO's keypoint format. Boxes are the annotated ones.")
{
    weights, annotations, images, metric, normalizer, threshold, json, noFlip, baseline, picture,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (given.GetValue(threshold) is not > 0 and var bad)
    {
        throw new ArgumentException($"--threshold must be positive, not {bad}.");
    }
    if (given.GetValue(normalizer) is PckNormalizer.HeadBox or PckNormalizer.Given)
    {
        throw new ArgumentException($"--normalizer {given.GetValue(normalizer)} needs lengths that COCO's format does not have.");
    }
    using var estimator = PoseEstimator.Load(given.GetValue(weights)!, new PoseEstimatorOptions { FlipTest = !given.GetValue(noFlip) });
    var people = CocoKeypointDataset.Load(
        given.GetValue(annotations)!, given.GetValue(images)!, estimator.Keypoints, logger: new ConsoleLogger());
    var (poses, pck) = Validation.Run(
        estimator, people, given.GetValue(normalizer), new ConsoleCount("scored", people.Count), cancellation);
    var result = pck.Result(given.GetValue(threshold));
    Print(result, given.GetValue(noFlip) ? "no flip test" : "flip test");

    if (given.GetValue(baseline) is { } training)
    {
        var mean = MeanPoseBaseline.Fit(CocoKeypointDataset.Load(training, given.GetValue(images)!, people.Schema));
        var evaluator = new PckEvaluator(people.Schema, given.GetValue(normalizer));
        for (var i = 0; i < people.Count; i++)
        {
            evaluator.Add(people[i], mean.Predict(people[i].Box));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean pose of {training}: {evaluator.Result(given.GetValue(threshold)).Value:0.0000}"));
    }
    if (given.GetValue(json) is { } path)
    {
        WriteJson(path, result);
        Console.WriteLine($"wrote {path}");
    }
    if (given.GetValue(picture) is { } png)
    {
        Validation.Sheet(people, poses).Save(png);
        Console.WriteLine($"wrote {png} (prediction in colour, annotation in white)");
    }
});

static void Print(PckResult result, string how)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"PCK@{result.Threshold} ({result.Normalizer.ToString().ToLowerInvariant()}): {result.Value:0.0000} of {result.Count} keypoints of {result.People} people "
        + $"({result.PeopleLeftOut} left out); ground-truth boxes, {how}"));
    foreach (var (name, value) in result.PerKeypoint)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16}{value:0.0000}"));
    }
}

static void WriteJson(string path, PckResult result)
{
    // A keypoint that is never labelled has no value: null, since JSON knows no NaN.
    static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
    var document = new JsonObject
    {
        ["metric"] = "pck",
        ["threshold"] = result.Threshold,
        ["normalizer"] = result.Normalizer.ToString().ToLowerInvariant(),
        ["value"] = Number(result.Value),
        ["perKeypoint"] = new JsonObject(result.PerKeypoint.Select(p => KeyValuePair.Create(p.Key, Number(p.Value)))),
        ["count"] = result.Count,
        ["people"] = result.People,
        ["peopleLeftOut"] = result.PeopleLeftOut,
        ["boxes"] = "gt",
    };
    ResultFile.Write(path, document);
}
