#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Scores trained weights on annotated people: by COCO's AP, by PCK, or by MPII's PCKh.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;
using TorchSharp;

var weights = new Option<string>("--weights") { Description = "A model file of this library, or a checkpoint that it recognises.", Required = true };
var annotations = new Option<string>("--annotations") { Description = "Annotations, COCO keypoint JSON; for pckh MPII's JSON.", Required = true };
var images = new Option<string>("--images") { Description = "The folder that file names in the JSON are relative to.", Required = true };
var metric = new Option<string>("--metric")
{
    Description = "oks (COCO's AP and AR), pck (distances by --normalizer), or pckh (MPII's table, with --head-boxes).",
    DefaultValueFactory = _ => "pck",
};
metric.AcceptOnlyFromAmong("oks", "pck", "pckh");
var boxes = new Option<string>("--boxes") { Description = "gt for the annotated boxes, or a detector's COCO result JSON (oks).", DefaultValueFactory = _ => "gt" };
var leastScore = new Option<double>("--least-score") { Description = "Detections with a lower score are left out (oks).", DefaultValueFactory = _ => 0 };
var suppress = new Option<double?>("--oks-nms") { Description = "Drop the worse of two poses in an image with an OKS above this, such as 0.9 (oks). [default: keep all]" };
var countAbove = new Option<double?>("--count-above")
{
    Description = "Only keypoint scores above this count in a person's score, 0.2 in mmpose and HRNet (oks). [default: all count, as in the official MSPN code]",
};
var normalizer = new Option<PckNormalizer>("--normalizer") { Description = "What distances are divided by (pck).", DefaultValueFactory = _ => PckNormalizer.Torso };
var threshold = new Option<double?>("--threshold") { Description = "Correct below this fraction (pck, pckh). [default: 0.2 and 0.5]" };
var headBoxes = new Option<string?>("--head-boxes") { Description = "MPII's head boxes, .npy [people, 2, 2] (pckh)." };
var json = new Option<string?>("--json") { Description = "Also write the numbers to this file." };
var results = new Option<string?>("--results") { Description = "Also write the poses to this file, COCO result JSON (oks)." };
var noFlip = new Option<bool>("--no-flip") { Description = "Do not average with the mirrored crops (half the time, a little worse)." };
var tolerant = new Option<bool>("--tolerant") { Description = "Leave out annotations that cannot be right, and report them, instead of stopping at the first (oks, pck)." };
var baseline = new Option<string?>("--baseline") { Description = "Training annotations: also score the mean pose of these people (pck)." };
var device = new Option<string>("--device") { Description = DeviceArgument.Description, DefaultValueFactory = _ => "cpu" };
var picture = new Option<string?>("--picture") { Description = "Also draw twelve people, spread evenly, to this PNG." };
var worst = new Option<string?>("--worst") { Description = "Also draw the twelve worst people to this PNG." };
var command = new RootCommand("Scores trained weights on annotated people.")
{
    weights, annotations, images, metric, boxes, leastScore, suppress, countAbove, normalizer, threshold, headBoxes, json, results, noFlip, tolerant, baseline,
    device, picture, worst,
};
// What does not concern every metric, and which it concerns.
(Option Option, string[] Metrics)[] particular =
[
    (leastScore, ["oks"]), (suppress, ["oks"]), (countAbove, ["oks"]), (results, ["oks"]), (tolerant, ["oks", "pck"]), (normalizer, ["pck"]), (baseline, ["pck"]),
    (threshold, ["pck", "pckh"]), (headBoxes, ["pckh"]),
];

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var how = given.GetValue(noFlip) ? "no flip test" : "flip test";
    var by = given.GetValue(metric)!;
    var (truth, folder) = (given.GetValue(annotations)!, given.GetValue(images)!);
    var reading = new CocoReadOptions { Tolerant = given.GetValue(tolerant) };
    var logger = new ConsoleLogger();
    if (by != "oks" && given.GetValue(boxes) != "gt")
    {
        throw new ArgumentException($"--metric {by} compares each person with its own pose, so it needs the annotated boxes; detections go with --metric oks.");
    }
    if (particular.FirstOrDefault(p => given.GetResult(p.Option) is { Implicit: false } && !p.Metrics.Contains(by)) is ({ } option, { } metrics))
    {
        throw new ArgumentException($"{option.Name} goes with --metric {string.Join(" or ", metrics)}, not with {by}.");
    }
    if (given.GetValue(threshold) is { } bad and not > 0)
    {
        throw new ArgumentException($"--threshold must be positive, not {bad}.");
    }
    var place = DeviceArgument.Parse(given.GetValue(device)!);
    var model = PoseModelFile.Load(given.GetValue(weights)!);
    model.Network.Module.to(place);
    using var estimator = new PoseEstimator(model, new PoseEstimatorOptions { FlipTest = !given.GetValue(noFlip) });
    var (people, document) = by == "oks" ? ByOks() : ByDistance();

    if (given.GetValue(json) is { } path)
    {
        ResultFile.Write(path, document);
        Console.WriteLine($"wrote {path}");
    }
    foreach (var (png, draw) in new[] { (given.GetValue(picture), (Func<RgbImage>)(() => people.Value.EvenSheet())), (given.GetValue(worst), () => people.Value.WorstSheet()) })
    {
        if (png is not null)
        {
            draw().Save(png);
            Console.WriteLine($"wrote {png} (prediction in colour, annotation in white)");
        }
    }

    (Lazy<EvaluatedPeople> People, JsonObject Document) ByOks()
    {
        var annotated = CocoKeypointDataset.Load(truth, folder, estimator.Keypoints, logger: logger, options: reading);
        IPoseDataset wanted = given.GetValue(boxes) is { } file and not "gt"
            ? DetectedPeopleDataset.Load(truth, file, folder, given.GetValue(leastScore), estimator.Keypoints, reading, logger: logger, cancellation: cancellation)
            : annotated;
        var run = OksRun.Of(
            estimator, wanted, CocoKeypointFile.Load(truth, reading, cancellation: cancellation), given.GetValue(suppress), given.GetValue(countAbove),
            new ConsoleCount("estimated", wanted.Count), cancellation);
        Console.WriteLine(run.Evaluation.Table());
        Console.WriteLine(run.Evaluation.Explain());
        Console.WriteLine(how);
        PrintKeypoints(run.Evaluation.Keypoints);
        if (given.GetValue(results) is { } output)
        {
            CocoResults.Write(output, run.Results);
            Console.WriteLine($"wrote {output}");
        }
        var numbers = new JsonObject(run.Evaluation.Numbers.Select(n => KeyValuePair.Create(n.Name, (JsonNode?)JsonValue.Create(n.Value))))
        {
            ["metric"] = by,
            ["boxes"] = run.Evaluation.Boxes,
        };
        return (new Lazy<EvaluatedPeople>(() => run.Match(annotated)), numbers);
    }

    (Lazy<EvaluatedPeople> People, JsonObject Document) ByDistance()
    {
        IPoseDataset annotated = by == "pckh"
            ? MpiiDataset.Load(
                truth, folder, headBoxes: given.GetValue(headBoxes) ?? throw new ArgumentException("--metric pckh needs --head-boxes."), logger: logger)
            : CocoKeypointDataset.Load(truth, folder, estimator.Keypoints, logger: logger, options: reading);
        var divisor = by == "pckh" ? PckNormalizer.HeadBox : given.GetValue(normalizer);
        var (poses, pck) = Validation.Run(estimator, annotated, divisor, new ConsoleCount("estimated", annotated.Count), cancellation);
        var limit = given.GetValue(threshold) ?? (by == "pckh" ? 0.5 : 0.2);
        var result = pck.Result(limit);
        PrintPck(result, how);
        var numbers = Document(by, result);
        if (by == "pckh")
        {
            var table = PckhResult.Of(result);
            Print($"PCKh@{limit}, mean weighted by joint count: {100 * table.WeightedMean:0.00}; plain mean of 14 joints: {100 * table.MeanOfJoints:0.00}");
            (numbers["weightedMean"], numbers["meanOfJoints"]) = (Number(table.WeightedMean), Number(table.MeanOfJoints));
        }
        if (given.GetValue(baseline) is { } training)
        {
            var mean = MeanPoseBaseline.Fit(CocoKeypointDataset.Load(training, folder, annotated.Schema));
            var evaluator = new PckEvaluator(annotated.Schema, divisor);
            for (var i = 0; i < annotated.Count; i++)
            {
                evaluator.Add(annotated[i], mean.Predict(annotated[i].Box));
            }
            Print($"mean pose of {training}: {evaluator.Result(limit).Value:0.0000}");
        }
        return (new Lazy<EvaluatedPeople>(() => EvaluatedPeople.Of(annotated, poses)), numbers);
    }
});

static void PrintKeypoints(IReadOnlyList<CocoKeypointScore> keypoints)
{
    Console.WriteLine("keypoints of people who were found: mean OKS term, mean distance / sqrt(area)");
    foreach (var keypoint in keypoints)
    {
        Print($"  {keypoint.Name,-16}{keypoint.Similarity:0.0000}  {keypoint.Error:0.0000}  ({keypoint.Count})");
    }
}

static void PrintPck(PckResult result, string how)
{
    var left = $"{result.People} people ({result.PeopleLeftOut} left out); ground-truth boxes, {how}";
    Print($"PCK@{result.Threshold} ({result.Normalizer.ToString().ToLowerInvariant()}): {result.Value:0.0000} of {result.Count} keypoints of {left}");
    foreach (var (name, value) in result.PerKeypoint)
    {
        Print($"  {name,-16}{value:0.0000}");
    }
}

static JsonObject Document(string metric, PckResult result) => new()
{
    ["metric"] = metric,
    ["threshold"] = result.Threshold,
    ["normalizer"] = result.Normalizer.ToString().ToLowerInvariant(),
    ["value"] = Number(result.Value),
    ["perKeypoint"] = new JsonObject(result.PerKeypoint.Select(p => KeyValuePair.Create(p.Key, Number(p.Value)))),
    ["count"] = result.Count,
    ["people"] = result.People,
    ["peopleLeftOut"] = result.PeopleLeftOut,
    ["boxes"] = "ground truth",
};

// A keypoint that is never labelled has no value: null, since JSON knows no NaN.
static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
