#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Times COCO evaluation on generated people and, where python3 has pycocotools, the same files in turn with it on one core.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples;

var images = new Option<int>("--images") { Description = "Images, with one to four people each.", DefaultValueFactory = _ => 5000 };
var detections = new Option<int>("--detections") { Description = "Results in each image.", DefaultValueFactory = _ => 20 };
var rounds = new Option<int>("--rounds") { Description = "Times each runs, in turn.", DefaultValueFactory = _ => 3 };
var python = new Option<string>("--python") { Description = "The Python to compare with.", DefaultValueFactory = _ => "python3" };
var command = new RootCommand("Times COCO keypoint evaluation.") { images, detections, rounds, python };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var folder = Directory.CreateTempSubdirectory("mspn-benchmark-").FullName;
    try
    {
        var (truth, results) = (Path.Combine(folder, "truth.json"), Path.Combine(folder, "results.json"));
        var count = People.Write(truth, results, given.GetValue(images), given.GetValue(detections));
        Console.WriteLine($"{given.GetValue(images)} images, {count} people, {given.GetValue(images) * given.GetValue(detections)} results");
        List<Times> ours = [], theirs = [];
        var available = true;
        Measure(truth, results);
        for (var round = 0; round < given.GetValue(rounds); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            ours.Add(Measure(truth, results));
            available = available && Reference(given.GetValue(python)!, truth, results) is { } times && Add(theirs, times);
        }
        Print("this library", ours);
        if (theirs.Count == 0)
        {
            Console.WriteLine($"{given.GetValue(python)} has no pycocotools, so there is nothing to compare with.");
            return;
        }
        Print("pycocotools", theirs);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ratios: results {Ratio(t => t.Results):0.0}, annotations {Ratio(t => t.Truth):0.0}, evaluate and accumulate {Ratio(t => t.Evaluate):0.0}; "
            + $"largest difference of the ten numbers {ours[0].Numbers.Zip(theirs[0].Numbers, (a, b) => Math.Abs(a - b)).Max():0.0e+0}"));

        double Ratio(Func<Times, double> part) => Statistics.Median(theirs.Zip(ours, (t, o) => part(t) / part(o)));
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
});

static bool Add(List<Times> list, Times times)
{
    list.Add(times);
    return true;
}

static Times Measure(string truth, string results)
{
    // What the last round left behind is not this one's.
    GC.Collect();
    var start = Stopwatch.GetTimestamp();
    var file = CocoKeypointFile.Load(truth);
    var truthTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    start = Stopwatch.GetTimestamp();
    var found = CocoResults.Read(results);
    var resultTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    start = Stopwatch.GetTimestamp();
    var evaluation = new CocoEvaluator(KeypointSchemas.Coco17).Evaluate(file.Images, file.People, found, "ground truth");
    return new Times(truthTime, resultTime, Stopwatch.GetElapsedTime(start).TotalMilliseconds, [.. evaluation.Numbers.Select(n => n.Value)]);
}

static Times? Reference(string python, string truth, string results)
{
    const string script = """
        import contextlib, io, json, sys, time
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            a = time.perf_counter(); truth = COCO(sys.argv[1])
            b = time.perf_counter(); found = truth.loadRes(sys.argv[2])
            c = time.perf_counter(); e = COCOeval(truth, found, 'keypoints'); e.evaluate(); e.accumulate()
            d = time.perf_counter(); e.summarize()
        print(json.dumps([(b - a) * 1e3, (c - b) * 1e3, (d - c) * 1e3, list(map(float, e.stats))]))
        """;
    try
    {
        var start = new ProcessStartInfo(python, ["-c", script, truth, results]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            return errors.Result.Contains("No module named", StringComparison.Ordinal) ? null : throw new PoseDataException(python, errors.Result);
        }
        using var json = JsonDocument.Parse(output);
        var parts = json.RootElement;
        return new Times(
            parts[0].GetDouble(), parts[1].GetDouble(), parts[2].GetDouble(), [.. parts[3].EnumerateArray().Select(n => n.GetDouble())]);
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return null;
    }
}

static void Print(string name, List<Times> times) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{name,-14}annotations {Statistics.Median(times.Select(t => t.Truth)):0.0} ms, results {Statistics.Median(times.Select(t => t.Results)):0.0} ms, "
    + $"evaluate and accumulate {Statistics.Median(times.Select(t => t.Evaluate)):0.0} ms, AP {times[0].Numbers[0]:0.000} (boxes: generated)"));

/// <summary>Milliseconds, and the ten numbers.</summary>
internal sealed record Times(double Truth, double Results, double Evaluate, double[] Numbers);

/// <summary>Makes people up, and results that are more or less near them.</summary>
internal static class People
{
    private const int Keypoints = 17;

    public static int Write(string truth, string results, int images, int detections)
    {
        var random = new Random(1);
        var found = new List<CocoResult>();
        var people = 0;
        using var stream = File.Create(truth);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("annotations");
        for (var image = 1; image <= images; image++)
        {
            var poses = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pose(random)).ToArray();
            foreach (var (x, y, size) in poses)
            {
                WritePerson(json, ++people, image, x, y, size);
            }
            for (var i = 0; i < detections; i++)
            {
                var (x, y, size) = random.NextDouble() < 0.7 ? poses[i % poses.Length] : Pose(random);
                var noise = size * 0.25 * random.NextDouble() * random.NextDouble();
                found.Add(new CocoResult
                {
                    ImageId = image,
                    Keypoints = [.. x.Zip(y, (a, b) => new KeypointPrediction(Near(a, noise, random), Near(b, noise, random), Math.Round(random.NextDouble(), 4)))],
                    Score = Math.Round(random.NextDouble(), 5),
                });
            }
        }
        json.WriteEndArray();
        json.WriteStartArray("images");
        for (var image = 1; image <= images; image++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", image);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("categories");
        json.WriteRawValue("""[{"id": 1, "name": "person"}]""");
        json.WriteEndObject();
        CocoResults.Write(results, found);
        return people;
    }

    private static double Near(double value, double noise, Random random) => Math.Round(value + noise * (random.NextDouble() * 2 - 1), 3);

    private static (double[] X, double[] Y, double Size) Pose(Random random)
    {
        var size = 30 + 250 * random.NextDouble();
        double[] Axis(double start) => [.. Enumerable.Range(0, Keypoints).Select(_ => Math.Round(start + size * random.NextDouble()))];
        return (Axis(400 * random.NextDouble()), Axis(300 * random.NextDouble()), size);
    }

    private static void WritePerson(Utf8JsonWriter json, int id, int image, double[] x, double[] y, double size)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", 1);
        json.WriteNumber("iscrowd", id % 50 == 0 ? 1 : 0);
        json.WriteNumber("area", Math.Round(size * size * 0.5, 2));
        json.WriteStartArray("bbox");
        foreach (var number in new[] { x.Min(), y.Min(), x.Max() - x.Min() + 1, y.Max() - y.Min() + 1 })
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
        json.WriteNumber("num_keypoints", x.Where((_, k) => (id + k) % 5 != 0).Count());
        json.WriteStartArray("keypoints");
        for (var k = 0; k < Keypoints; k++)
        {
            var labelled = (id + k) % 5 != 0;
            json.WriteNumberValue(labelled ? x[k] : 0);
            json.WriteNumberValue(labelled ? y[k] : 0);
            json.WriteNumberValue(labelled ? 2 : 0);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
