#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Times training steps and forward passes of one network, the variants in turn within one run, and prints medians and ratios.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Losses;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;

var rounds = new Option<int>("--rounds") { Description = "Times each variant runs.", DefaultValueFactory = _ => 9 };
var batch = new Option<int>("--batch") { Description = "Images per step.", DefaultValueFactory = _ => 32 };
var official = new Option<bool>("--official") { Description = "The official two-stage 256x192 network instead of the samples' small one." };
var command = new RootCommand("Times training steps and forward passes.") { rounds, batch, official };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var options = given.GetValue(official)
        ? new MspnOptions()
        : new MspnOptions
        {
            InputSize = new ImageSize(128, 128),
            BaseChannels = 16,
            BlocksPerLevel = [2, 2, 2, 2],
            UpsampleChannels = 64,
            ConvolutionBias = false,
        };
    using var plain = new MspnNetwork(options);
    using var channelsLast = new MspnNetwork(options);
    var loss = new MultiStageLoss();
    using var plainStepper = new TrainingStepper(plain, loss);
    using var channelsLastStepper = new TrainingStepper(channelsLast, loss, channelsLast: true);
    using var images = torch.randn([given.GetValue(batch), 3, options.InputSize.Height, options.InputSize.Width]);
    using var targets = torch.rand([given.GetValue(batch), 5, 17, plain.HeatmapSize.Height, plain.HeatmapSize.Width]);
    using var visibility = torch.full([given.GetValue(batch), 17], 2);

    var variants = new (string Name, Action Work)[]
    {
        ("training step", () => plainStepper.Step(images, targets, visibility, 1e-5)),
        ("training step, channels-last", () => channelsLastStepper.Step(images, targets, visibility, 1e-5)),
        ("forward, every stage and scale", () => Forward(plain, n => n.Predict(images))),
        ("forward, final heat maps only", () => Forward(plain, n => n.PredictFinal(images))),
    };
    var times = variants.Select(_ => new List<double>()).ToArray();
    for (var round = -1; round < given.GetValue(rounds); round++)
    {
        for (var i = 0; i < variants.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            variants[i].Work();
            if (round >= 0)
            {
                times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
    }
    Console.WriteLine($"{plain.GetType().Name} {options.InputSize}, batch {given.GetValue(batch)}, {torch.get_num_threads()} threads");
    for (var i = 0; i < variants.Length; i++)
    {
        var reference = times[i < 2 ? 0 : 2];
        var ratio = Median(times[i].Zip(reference, (a, b) => a / b));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{variants[i].Name,-34}{Median(times[i]),10:0.0} ms{ratio,8:0.00} of {(i < 2 ? "training step" : "forward")}"));
    }
});

static void Forward(MspnNetwork network, Func<MspnNetwork, object> run)
{
    using var scope = torch.NewDisposeScope();
    using var noGrad = torch.no_grad();
    network.eval();
    run(network);
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return sorted[sorted.Length / 2];
}
