#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Scores a COCO result file as pycocotools does (CrowdPose: as xtcocotools does).
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples;

var truth = new Argument<string>("ground truth") { Description = "Annotations, COCO keypoint JSON." };
var found = new Argument<string>("results") { Description = "Poses, COCO result JSON." };
var sigmas = new Option<string?>("--sigmas")
{
    Description = "coco, crowdpose, another bundled keypoint set (mpii16, lsp14, openpose18), or a number for each keypoint, separated by commas. [default: by the file's keypoints]",
};
var boxes = new Option<string>("--boxes") { Description = "Where the boxes came from; printed beside AP.", DefaultValueFactory = _ => "not stated" };
var json = new Option<string?>("--json") { Description = "Also write the numbers, unrounded, to this file." };
var command = new RootCommand("Average precision and recall of poses, equal to pycocotools.") { truth, found, sigmas, boxes, json };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var file = CocoKeypointFile.Load(given.GetValue(truth)!, cancellation: cancellation);
    var results = CocoResults.Read(given.GetValue(found)!, cancellation: cancellation);
    CocoResults.Check(results, given.GetValue(found)!, file);
    var keypoints = file.People.Max(p => (int?)p.Keypoints.Count) ?? results.Max(r => (int?)r.Keypoints.Count) ?? 0;
    var crowdPose = keypoints == KeypointSchemas.CrowdPose14.Count && file.Images.Any(i => i.CrowdIndex is not null);
    var options = crowdPose ? CocoEvaluatorOptions.CrowdPose : new CocoEvaluatorOptions();
    var (values, source) = Sigmas(given.GetValue(sigmas), file, keypoints, crowdPose);
    var evaluator = new CocoEvaluator(values, options);

    var evaluation = evaluator.Evaluate(file.Images, file.People, results, given.GetValue(boxes)!);

    Console.WriteLine(evaluation.Table());
    Console.WriteLine(evaluation.Explain());
    Console.WriteLine($"sigmas: {source}; area: {(options.UseArea ? "the annotations'" : "0.53 of the boxes'")}");
    if (given.GetValue(json) is { } path)
    {
        ResultFile.Write(path, Document(evaluation));
        Console.WriteLine($"wrote {path}");
    }
});

static (IReadOnlyList<double> Values, string Source) Sigmas(string? given, CocoKeypointFile file, int keypoints, bool crowdPose)
{
    var named = file.KeypointCategory() is { Keypoints.Count: > 0 };
    if (given is null && named && !crowdPose && file.Schema() is { Sigmas.Count: > 0 } schema)
    {
        return (schema.Sigmas, $"by the names of {schema}");
    }
    if (given is not null && !given.Any(char.IsLetter))
    {
        return ([.. given.Split(',').Select(Number)], "as given");
    }
    var bundled = given?.ToLowerInvariant() switch
    {
        "coco" => KeypointSchemas.Coco17,
        "crowdpose" => KeypointSchemas.CrowdPose14,
        not null => KeypointSchemas.Get(given),
        null when crowdPose || (!named && keypoints == KeypointSchemas.CrowdPose14.Count) => KeypointSchemas.CrowdPose14,
        null when keypoints is 0 || keypoints == KeypointSchemas.Coco17.Count => KeypointSchemas.Coco17,
        null => throw new ArgumentException($"{file.SourceName} has {keypoints} keypoints, for which no sigmas are known: give them with --sigmas."),
    };
    return (bundled.Sigmas, given is null ? $"assumed to be those of {bundled}" : $"those of {bundled}");
}

static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
    ? number
    : throw new ArgumentException($"--sigmas: '{text}' is no number.");

static JsonObject Document(CocoEvaluation evaluation)
{
    var document = new JsonObject(evaluation.Numbers.Select(n => KeyValuePair.Create(n.Name, (JsonNode?)JsonValue.Create(n.Value))));
    if (evaluation.Crowding is { } levels)
    {
        (document["AP_easy"], document["AP_medium"], document["AP_hard"]) = (levels.Easy, levels.Medium, levels.Hard);
    }
    return document;
}
