#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Times one core's work on data: a training sample with and without JPEG decoding, and the decoding of heat maps; beside the official Python code, in
// turn within one run, if a checkout of it is named. With annotations it also tells how long a training step waits for its data.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples;
using TorchSharp;

const int People = 16;
var rounds = new Option<int>("--rounds") { Description = "Times each side runs.", DefaultValueFactory = _ => 9 };
var count = new Option<int>("--count") { Description = "Samples or people in a round.", DefaultValueFactory = _ => 200 };
var reference = new Option<string?>("--reference") { Description = "A checkout of megvii-research/MSPN; needs Python with OpenCV and PyTorch." };
var python = new Option<string>("--python") { Description = "The Python to run it with.", DefaultValueFactory = _ => "python3" };
var annotations = new Option<string?>("--annotations") { Description = "A COCO keypoint file, to measure the loader." };
var images = new Option<string?>("--images") { Description = "The folder of its images." };
var schema = new Option<string?>("--schema") { Description = "A bundled keypoint set; default the file's own." };
var compute = new Option<int>("--compute") { Description = "Milliseconds that a simulated step of 16 people computes.", DefaultValueFactory = _ => 50 };
var steps = new Option<int>("--steps") { Description = "Simulated steps.", DefaultValueFactory = _ => 100 };
var command = new RootCommand("Times the work on data.") { rounds, count, reference, python, annotations, images, schema, compute, steps };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var folder = Directory.CreateTempSubdirectory("mspn-benchmark").FullName;
    try
    {
        Compare(folder, given.GetValue(reference), given.GetValue(python)!, given.GetValue(rounds), given.GetValue(count), cancellation);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
    if (given.GetValue(annotations) is { } file)
    {
        var data = CocoKeypointDataset.Load(file, given.GetValue(images) ?? ".", given.GetValue(schema) is { } name ? KeypointSchemas.Get(name) : null);
        foreach (var workers in new[] { 1, 2 })
        {
            Wait(data, workers, given.GetValue(compute), given.GetValue(steps), cancellation);
        }
    }
});

static void Compare(string folder, string? checkout, string python, int rounds, int count, CancellationToken cancellation)
{
    var data = new SyntheticPeopleDataset(
        KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = People, ImageSize = new ImageSize(480, 640) });
    var encoder = new CropEncoder(
        data.Schema, new ImageSize(256, 192), new ImageSize(64, 48), new PoseInput(), new CoarseToFineHeatmapTarget(), CropAugmentation.OfficialCoco);
    using var maps = Maps();
    var decoder = new OfficialHeatmapDecoder();
    var people = Enumerable.Range(0, People).Select(i => data[i]).ToArray();
    var pictures = Save(folder, data, people, maps);
    var one = Enumerable.Range(0, People).Select(i => maps.narrow(0, i, 1)).ToArray();
    var (pixels, targets, visibility) = (new float[encoder.ImageLength], new float[encoder.TargetLength], new float[data.Schema.Count]);
    void Encode(int i, RgbImage image) => encoder.Encode(people[i % People], image, new SampleRandom(1, 0, i), pixels, targets, visibility);

    var works = new (string Name, string Title, Action<int> Work)[]
    {
        ("sample", "training sample, image in memory", i => Encode(i, pictures[i % People])),
        ("jpeg", "training sample from a JPEG file", i => Encode(i, RgbImage.Load(Path.Combine(folder, $"{i % People}.jpg")))),
        ("decode", "decoding of one person", i => decoder.Decode(one[i % People], encoder.InputSize)),
    };
    using var other = checkout is null ? null : Reference(python, checkout, folder);
    Console.WriteLine("256x192 crops of 640x480 images, 17 keypoints, 64x48 maps, 5 kernels; ms each, one core, medians");
    foreach (var (name, title, work) in works)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var allocated = 0L;
        for (var round = -1; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                work(i);
            }
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
            var theirTime = other is null ? double.NaN : other.Ask($"{name} {count}")[0] * 1000 / count;
            if (round >= 0)
            {
                ours.Add(time);
                theirs.Add(theirTime);
                allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-36}{Statistics.Median(ours),8:0.000}, {allocated} bytes allocated")
            + (other is null ? string.Empty : string.Create(
                CultureInfo.InvariantCulture, $"; official {Statistics.Median(theirs):0.000}, {Statistics.MedianRatio(theirs, ours):0.0} times as long")));
    }
}

static RgbImage[] Save(string folder, SyntheticPeopleDataset data, PoseSample[] people, torch.Tensor maps)
{
    var pictures = new RgbImage[people.Length];
    for (var i = 0; i < people.Length; i++)
    {
        var path = Path.Combine(folder, $"{i}.jpg");
        data.LoadImage(i).Save(path);
        pictures[i] = RgbImage.Load(path);
    }
    File.WriteAllText(Path.Combine(folder, "people.json"), JsonSerializer.Serialize(people.Select((p, i) => new
    {
        image = $"{i}.jpg",
        box = new[] { p.Box.X, p.Box.Y, p.Box.Width, p.Box.Height },
        keypoints = p.Keypoints.Select(k => new[] { k.X, k.Y, k.Visibility }),
    })));
    File.WriteAllBytes(Path.Combine(folder, "maps.bin"), maps.bytes.ToArray());
    return pictures;
}

// Peaks of 255 with a deviation of one cell at random places, and noise.
static torch.Tensor Maps()
{
    var random = new SampleRandom(1);
    var values = new float[People * 17 * 64 * 48];
    for (var map = 0; map < People * 17; map++)
    {
        var (x, y) = (random.NextRange(0, 47), random.NextRange(0, 63));
        for (var i = 0; i < 64 * 48; i++)
        {
            var (dx, dy) = (i % 48 - x, i / 48 - y);
            values[map * 64 * 48 + i] = (float)(255 * Math.Exp(-(dx * dx + dy * dy) / 2) + random.NextRange(-5, 5));
        }
    }
    return torch.tensor(values, [People, 17, 64, 48]);
}

static TimedProcess Reference(string python, string checkout, string folder) =>
    new("official Python", python, [Path.Combine(Path.GetDirectoryName(SourcePath())!, "data_reference.py"), checkout, folder], threads: 1);

static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

static void Wait(CocoKeypointDataset data, int workers, int compute, int steps, CancellationToken cancellation)
{
    var encoder = new CropEncoder(
        data.Schema, new ImageSize(256, 192), new ImageSize(64, 48), new PoseInput(), new CoarseToFineHeatmapTarget(), CropAugmentation.OfficialCoco);
    var loader = new PoseDataLoader(data, encoder, new PoseLoaderOptions { BatchSize = 16, Workers = workers, Seed = 1 });
    var (waiting, computing, done) = (0.0, 0.0, 0);
    // The first batches fill the buffer and compile.
    const int WarmUp = 5;
    for (var epoch = 0; done < steps + WarmUp; epoch++)
    {
        using var batches = loader.Epoch(epoch, 0, cancellation).GetEnumerator();
        while (done < steps + WarmUp)
        {
            var start = Stopwatch.GetTimestamp();
            if (!batches.MoveNext())
            {
                break;
            }
            var waited = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < compute)
            {
                Thread.SpinWait(100);
            }
            batches.Current.Dispose();
            if (done++ >= WarmUp)
            {
                waiting += waited;
                computing += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }
    }
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{steps} steps of 16 people, {compute} ms of computing each, {workers} worker(s), {Environment.ProcessorCount} cores: "
        + $"waiting {100 * waiting / (waiting + computing):0.0} % of the time"));
}
