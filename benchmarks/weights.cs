#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property AllowUnsafeBlocks=true

// How fast weight files load against how fast their bytes can be read, and how much memory that takes. Both in turn within one run.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
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
    var (read, keep, load) = (new List<double>(), new List<double>(), new List<double>());
    var weights = 0L;
    for (var round = 0; round <= rounds; round++)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        ReadAll(path);
        var small = Stopwatch.GetTimestamp();
        if (round > 0)
        {
            ReadIntoMemory(path);
        }
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
            $"{Path.GetFileName(path)}: {bytes / 1e6:0} MB, weights {weights / 1e6:0} MB; first load {Stopwatch.GetElapsedTime(between, end).TotalSeconds:0.00} s, peak memory {(process.PeakWorkingSet64 - before) / 1e6:0} MB, "
                + $"{(double)(process.PeakWorkingSet64 - before) / weights:0.00} times the weights"));
            continue;
        }
        read.Add(Stopwatch.GetElapsedTime(start, small).TotalSeconds);
        keep.Add(Stopwatch.GetElapsedTime(small, between).TotalSeconds);
        load.Add(Stopwatch.GetElapsedTime(between, end).TotalSeconds);
    }
    var (readRate, keepRate, loadRate) = (bytes / 1e9 / Statistics.Median(read), bytes / 1e9 / Statistics.Median(keep), weights / 1e9 / Statistics.Median(load));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  GB/s: bytes through a small buffer {readRate:0.0}, bytes into new memory {keepRate:0.0}, from file to network {loadRate:0.0} ({Statistics.Median(load):0.000} s); "
        + $"the last is {loadRate / readRate:0.00} of the first and {loadRate / keepRate:0.00} of the second"));
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

static unsafe void ReadIntoMemory(string path)
{
    using var file = File.OpenHandle(path);
    var length = RandomAccess.GetLength(file);
    var memory = (byte*)NativeMemory.Alloc((nuint)length);
    for (var done = 0L; done < length;)
    {
        done += RandomAccess.Read(file, new Span<byte>(memory + done, (int)Math.Min(length - done, 1 << 28)), done);
    }
    NativeMemory.Free(memory);
}
