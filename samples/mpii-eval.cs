#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Scores predictions for MPII, of any code, by PCKh: the tables of papers, from arrays.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples;

var folderArgument = new Argument<string>("folder")
{
    Description = "gt_joints.npy [people, 16, 2], gt_present.npy [people, 16], gt_headboxes.npy [people, 2, 2] and, for each model, "
        + "pred_NAME.npy [people, 16, 2]. All count pixels from the same number; joints are in MPII's order.",
};
var jsonOption = new Option<string?>("--json") { Description = "Also write the numbers to this file." };
var command = new RootCommand("Scores predictions for MPII by PCKh, in percent, with both means that are published.") { folderArgument, jsonOption };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var folder = given.GetValue(folderArgument)!;
    var truth = MpiiTruth.Load(folder);
    var models = Directory.GetFiles(folder, "pred_*.npy").Order(StringComparer.Ordinal).ToArray();
    if (models.Length == 0)
    {
        throw new PoseDataException(folder, "there are no predictions (pred_*.npy).");
    }
    Console.WriteLine($"{truth.Count} people. Means without {string.Join(" and ", PckhResult.LeftOut)}: weighted by joint count (HRNet, SimpleBaseline, MSPN), and plain, of 14 joints (bearpaw).");
    Console.WriteLine($"{"",-34}" + string.Concat(new[] { "head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "weighted", "plain", "@0.1" }.Select(h => $"{h,9}")));
    var document = new JsonObject();
    foreach (var path in models)
    {
        cancellation.ThrowIfCancellationRequested();
        var name = Path.GetFileNameWithoutExtension(path)["pred_".Length..];
        var evaluator = truth.Score(path);
        var (half, tenth) = (PckhResult.Of(evaluator.Result(0.5)), PckhResult.Of(evaluator.Result(0.1)));
        (string Name, double Value)[] row =
        [
            .. half.Joints, ("weightedMean", half.WeightedMean), ("meanOfJoints", half.MeanOfJoints), ("weightedMeanAt0.1", tenth.WeightedMean),
        ];
        Console.WriteLine($"{name,-34}" + string.Concat(row.Select(c => string.Create(CultureInfo.InvariantCulture, $"{100 * c.Value,9:0.00}"))));
        document[name] = new JsonObject(row.Select(c => KeyValuePair.Create(c.Name, double.IsFinite(c.Value) ? (JsonNode?)(100 * c.Value) : null)));
    }
    if (given.GetValue(jsonOption) is { } json)
    {
        ResultFile.Write(json, document);
        Console.WriteLine($"wrote {json}");
    }
});

/// <summary>The annotated people of the folder.</summary>
internal sealed class MpiiTruth(PoseSample[] people)
{
    private static readonly int Joints = KeypointSchemas.Mpii16.Count;

    public int Count => people.Length;

    public static MpiiTruth Load(string folder)
    {
        var heads = MpiiDataset.LoadHeadSizes(Path.Combine(folder, "gt_headboxes.npy"));
        var joints = Read(Path.Combine(folder, "gt_joints.npy"), "joints", heads.Count, Joints, 2);
        var present = Read(Path.Combine(folder, "gt_present.npy"), "presence of joints", heads.Count, Joints);
        return new MpiiTruth([.. heads.Select((head, n) => new PoseSample
        {
            Id = n,
            ImageId = n,
            ImageName = folder,
            Box = default,
            Keypoints = [.. Enumerable.Range(n * Joints, Joints).Select(i => new Keypoint(joints[2 * i], joints[2 * i + 1], present[i] > 0 ? 2 : 0))],
            HeadSize = head,
        })]);
    }

    public PckEvaluator Score(string path)
    {
        var values = Read(path, "predictions", people.Length, Joints, 2);
        var evaluator = new PckEvaluator(KeypointSchemas.Mpii16, PckNormalizer.HeadBox);
        for (var n = 0; n < people.Length; n++)
        {
            evaluator.Add(people[n], [.. Enumerable.Range(n * Joints, Joints).Select(i => new KeypointPrediction(values[2 * i], values[2 * i + 1], 1))]);
        }
        return evaluator;
    }

    private static double[] Read(string path, string what, params ReadOnlySpan<int> shape) => NpyFile.Load(path).OfShape(what, shape).Values;
}
