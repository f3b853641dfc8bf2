#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Times training steps and forward passes of a network in all variants, beside the official PyTorch step if a checkout of it is named, and tells the
// processor time and the memory they take. Every variant is a process of its own, whose peak of resident memory (VmHWM, so on Linux) is the variant's;
// they compute in turn, one at a time, and ratios are medians over rounds. Beside other work the processor time tells more than the clock.
using System.CommandLine;
using System.Globalization;
using Mspn.Core;
using Mspn.Losses;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;

var rounds = new Option<int>("--rounds") { Description = "Times each variant runs.", DefaultValueFactory = _ => 7 };
var batch = new Option<int>("--batch") { Description = "Images per step.", DefaultValueFactory = _ => 4 };
var threads = new Option<int>("--threads") { Description = "Threads of each process.", DefaultValueFactory = _ => 2 };
var small = new Option<bool>("--small") { Description = "The samples' small 128x128 network instead of the official two-stage 256x192 one." };
var only = new Option<string[]>("--only")
{
    Description = "Only these variants.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. Variants.Names],
};
var reference = new Option<string?>("--reference") { Description = "A checkout of megvii-research/MSPN; needs Python with PyTorch." };
var python = new Option<string>("--python") { Description = "The Python to run it with.", DefaultValueFactory = _ => "python3" };
var child = new Option<string?>("--child") { Hidden = true };
var command = new RootCommand("Times training steps and forward passes, and tells their memory.")
{
    rounds, batch, threads, small, only, reference, python, child,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (given.GetValue(child) is { } name)
    {
        Variants.Serve(name, given.GetValue(batch), given.GetValue(small));
        return;
    }
    string[] same = ["--batch", $"{given.GetValue(batch)}", .. given.GetValue(small) ? new[] { "--small" } : []];
    var sides = new List<TimedProcess>();
    try
    {
        if (given.GetValue(reference) is { } checkout)
        {
            var script = Path.Combine(Path.GetDirectoryName(SourcePath())!, "steps_reference.py");
            foreach (var mode in new[] { "plain", "efficient" })
            {
                sides.Add(new TimedProcess(
                    $"official PyTorch, {mode}", given.GetValue(python)!, [script, checkout, $"{given.GetValue(batch)}", mode], given.GetValue(threads)));
            }
        }
        foreach (var variant in given.GetValue(only)!)
        {
            sides.Add(new TimedProcess(variant, Environment.ProcessPath!, ["--child", variant, .. same], given.GetValue(threads)));
        }
        var times = sides.Select(_ => new List<double>()).ToArray();
        var processor = sides.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < given.GetValue(rounds); round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var answer = sides[i].Ask("step");
                if (round >= 0)
                {
                    times[i].Add(answer[0]);
                    processor[i].Add(answer[1]);
                }
            }
        }
        Console.WriteLine(
            $"batch {given.GetValue(batch)}, {given.GetValue(threads)} threads, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; ratios to {sides[0].Name}");
        Console.WriteLine($"{string.Empty,-34}{"seconds",9}{"ratio",7}{"processor",11}{"ratio",7}{"peak MiB",10}{"ratio",7}");
        var memory = sides.Select(side => side.Ask("memory")[0] / (1 << 20)).ToArray();
        for (var i = 0; i < sides.Count; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sides[i].Name,-34}{Statistics.Median(times[i]),9:0.00}{Statistics.MedianRatio(times[i], times[0]),7:0.00}{Statistics.Median(processor[i]),11:0.00}"
                + $"{Statistics.MedianRatio(processor[i], processor[0]),7:0.00}{memory[i],10:0}{memory[i] / memory[0],7:0.00}"));
        }
    }
    finally
    {
        sides.ForEach(side => side.Dispose());
    }
});

static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

/// <summary>What a process of this program can be asked to time.</summary>
internal static class Variants
{
    private const string Forward = "forward, final heat maps";

    private static readonly Dictionary<string, TrainingStepOptions> Steps = new()
    {
        ["plain"] = new(),
        ["channels-last"] = new() { ChannelsLast = true },
        ["bf16"] = new() { BFloat16 = true },
        ["bf16, channels-last"] = new() { ChannelsLast = true, BFloat16 = true },
        ["replicas, channels-last"] = new() { ChannelsLast = true, Replicas = 2 },
        ["replicas, bf16, channels-last"] = new() { ChannelsLast = true, BFloat16 = true, Replicas = 2 },
        ["recompute"] = new() { Recompute = true },
        ["recompute, channels-last"] = new() { ChannelsLast = true, Recompute = true },
        ["recompute, bf16, channels-last"] = new() { ChannelsLast = true, BFloat16 = true, Recompute = true },
    };

    public static IEnumerable<string> Names => [.. Steps.Keys, Forward];

    /// <summary>Answers each line of the input with the seconds and the processor's seconds of one step, or with the peak of resident memory.</summary>
    public static void Serve(string name, int batch, bool small)
    {
        var options = small
            ? new MspnOptions
            {
                InputSize = new ImageSize(128, 128),
                BaseChannels = 16,
                BlocksPerLevel = [2, 2, 2, 2],
                UpsampleChannels = 64,
                ConvolutionBias = false,
            }
            : new MspnOptions();
        using var network = new MspnNetwork(options);
        using var images = torch.randn([batch, 3, options.InputSize.Height, options.InputSize.Width]);
        using var targets = new PoseTargets(
            torch.rand([batch, 5, 17, network.HeatmapSize.Height, network.HeatmapSize.Width]), torch.full([batch, 17], 2f));
        var training = Steps.TryGetValue(name, out var given);
        using var stepper = training
            ? new TrainingStepper(network, new MultiStageLoss(), given!)
            : null;
        TimedProcess.Serve(question => question == "step" ? TimedProcess.Time(Step) : [PeakBytes()]);

        void Step()
        {
            if (stepper is not null)
            {
                stepper.Step(images, targets, 1e-5);
                return;
            }
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            network.eval();
            network.PredictFinal(images);
        }
    }

    private static double PeakBytes() =>
        1024.0 * long.Parse(
            File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ')[^2],
            CultureInfo.InvariantCulture);
}
