#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:project ../src/Mspn.Onnx/Mspn.Onnx.csproj
#:package TorchSharp-cpu
#:package Microsoft.ML.OnnxRuntime
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Lets many threads share one estimator for thousands of images, and says whether they get what one thread gets, to the bit, and whether memory stays flat.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Onnx;
using Mspn.Samples;
using TorchSharp;

var count = new Option<int>("--count") { Description = "How many images.", DefaultValueFactory = _ => 5000 };
var threads = new Option<int>("--threads") { Description = "Threads that share the estimator.", DefaultValueFactory = _ => 8 };
var every = new Option<int>("--every") { Description = "Images between two lines of the table.", DefaultValueFactory = _ => 250 };
var weights = new Option<string?>("--weights") { Description = "A model file. [default: a very small network with random weights]" };
var fast = new Option<bool>("--fast") { Description = "Compute in bfloat16." };
var flip = new Option<bool>("--flip") { Description = "With the flip test." };
var onnx = new Option<bool>("--onnx") { Description = "With ONNX Runtime instead of TorchSharp." };
var command = new RootCommand("Watches results and memory while threads share an estimator.") { count, threads, every, weights, fast, flip, onnx };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    torch.set_num_threads(1);
    var (images, each) = (given.GetValue(count), given.GetValue(every));
    using var estimator = CreateEstimator(given);
    var people = new SyntheticPeopleDataset(estimator.Keypoints, new SyntheticPeopleOptions { Count = images, ImageSize = new ImageSize(72, 64) });
    Console.WriteLine($"{images} synthetic images of {people.LoadImage(0).Size}, two boxes each; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}.");

    var alone = new Pose[images][];
    var seconds = Seconds(() =>
    {
        for (var i = 0; i < images; i++)
        {
            alone[i] = Estimate(i);
        }
    });
    Console.WriteLine($"One thread: {seconds}.");

    var watch = new MemoryWatch("images");
    var (next, done, different) = (-1, 0, 0);
    Console.WriteLine("| images | resident MB | managed heap MB | live tensors |");
    Console.WriteLine("|---|---|---|---|");
    seconds = Seconds(() =>
    {
        var working = Enumerable.Range(0, given.GetValue(threads)).Select(_ => Task.Factory.StartNew(Work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        Task.WaitAll([.. working], cancellation);
    });
    Console.WriteLine($"{given.GetValue(threads)} threads: {seconds}.");
    Console.WriteLine(different == 0 ? "All poses are those of one thread, to the bit." : $"Of {different} images the poses are NOT those of one thread.");
    Console.WriteLine(watch.Conclusion());

    void Work()
    {
        for (var i = Interlocked.Increment(ref next); i < images; i = Interlocked.Increment(ref next))
        {
            cancellation.ThrowIfCancellationRequested();
            var same = Estimate(i).Zip(alone[i]).All(p => p.First.Keypoints.SequenceEqual(p.Second.Keypoints));
            Interlocked.Add(ref different, same ? 0 : 1);
            lock (watch)
            {
                if (++done % each == 0)
                {
                    Console.WriteLine($"| {done} | {watch.Sample(done)} |");
                }
                else
                {
                    watch.CountTensors();
                }
            }
        }
    }

    Pose[] Estimate(int i)
    {
        var image = people.LoadImage(i);
        return [.. estimator.Estimate(image, [people[i].Box, Box.Whole(image.Size)], cancellation)];
    }
});

PoseEstimator CreateEstimator(ParseResult given)
{
    var model = given.GetValue(weights) is { } file ? PoseModelFile.Load(file) : Tiny();
    if (!given.GetValue(onnx))
    {
        return new PoseEstimator(model, new PoseEstimatorOptions
        {
            FlipTest = given.GetValue(flip), Precision = given.GetValue(fast) ? NumericPrecision.Fast : NumericPrecision.Exact,
        });
    }
    var exported = Path.GetTempFileName();
    using (model)
    {
        OnnxExport.Save(exported, model, new OnnxExportOptions { RawPixels = true, FlipTest = given.GetValue(flip) });
    }
    try
    {
        return PoseEstimator.FromOnnx(exported, new OnnxPoseOptions { Threads = 1 });
    }
    finally
    {
        File.Delete(exported);
    }
}

static PoseModel Tiny()
{
    torch.manual_seed(0);
    var options = new MspnOptions
    {
        InputSize = new ImageSize(64, 64), BaseChannels = 4, BlocksPerLevel = [1, 1, 1, 1], UpsampleChannels = 8, ConvolutionBias = false,
    };
    return new PoseModel(new MspnNetwork(options), new PoseInput());
}

static string Seconds(Action work)
{
    var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    work();
    return string.Create(
        CultureInfo.InvariantCulture,
        $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, of the processor {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:0.0} s");
}
