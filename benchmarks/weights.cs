#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// How fast weight files load against how fast their bytes can be read, and how much memory that takes. Both in turn within one run.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Samples;

var file = new Option<string?>("--checkpoint") { Description = "A checkpoint or model file; default: official MSPN is written to a temporary .pth and .safetensors." };
var stages = new Option<int>("--stages") { Description = "Stages of the MSPN that is written.", DefaultValueFactory = _ => 4 };
var rounds = new Option<int>("--rounds") { Description = "Times each is done.", DefaultValueFactory = _ => 5 };
var command = new RootCommand("Times loading weights against reading the bytes of the file.") { file, stages, rounds };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    NativeTorch.Initialize();
    if (given.GetValue(file) is { } path)
    {
        Measure(path, given.GetValue(rounds), cancellation);
        return;
    }
    var folder = Directory.CreateTempSubdirectory("mspn-weights-");
    try
    {
        var (pytorch, safeTensors) = (Path.Combine(folder.FullName, "network.pth"), Path.Combine(folder.FullName, "network.safetensors"));
        using (var network = new MspnNetwork(new MspnOptions { Stages = given.GetValue(stages) }))
        {
            WeightExport.Write(pytorch, network, WeightStyle.Official);
            PoseModelFile.Save(safeTensors, network, new PoseInput());
        }
        Measure(pytorch, given.GetValue(rounds), cancellation);
        Measure(safeTensors, given.GetValue(rounds), cancellation);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});

static void Measure(string path, int rounds, CancellationToken cancellation)
{
    var bytes = new FileInfo(path).Length;
    ReadAll(path);
    using var process = Process.GetCurrentProcess();
    process.Refresh();
    var before = process.WorkingSet64;
    var (read, load) = (new List<double>(), new List<double>());
    var weights = 0L;
    for (var round = 0; round <= rounds; round++)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        ReadAll(path);
        var between = Stopwatch.GetTimestamp();
        using var model = PoseModelFile.Load(path);
        var end = Stopwatch.GetTimestamp();
        if (round == 0)
        {
            // The first round also compiles the code. Peak memory is the first load's: nothing has been freed before.
            weights = NetworkWeights.Of(model.Network.Module).Values.Sum(t => t.numel() * t.ElementSize);
            process.Refresh();
            Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)}: {bytes / 1e6:0} MB, weights {weights / 1e6:0} MB; peak memory of the first load {(process.PeakWorkingSet64 - before) / 1e6:0} MB, "
                + $"{(double)(process.PeakWorkingSet64 - before) / weights:0.00} times the weights"));
            continue;
        }
        read.Add(Stopwatch.GetElapsedTime(start, between).TotalSeconds);
        load.Add(Stopwatch.GetElapsedTime(between, end).TotalSeconds);
    }
    var (readMedian, loadMedian) = (Median(read), Median(load));
    Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  reading all bytes {readMedian:0.000} s, {bytes / 1e9 / readMedian:0.0} GB/s; from file to network {loadMedian:0.000} s, {weights / 1e9 / loadMedian:0.0} GB/s of weights; "
        + $"rate of loading / rate of reading {weights / loadMedian / (bytes / readMedian):0.00}"));
}

static void ReadAll(string path)
{
    using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    var buffer = new byte[1 << 17];
    while (stream.Read(buffer) > 0)
    {
        // Only the time counts.
    }
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
