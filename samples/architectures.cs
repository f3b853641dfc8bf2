#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Prints what every published network of the library costs, and builds three that no paper has, in a few lines each.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Samples;
using TorchSharp;
using static TorchSharp.torch;

var repeats = new Option<int>("--repeats") { Description = "Forward passes per network; the median is shown. 0: none.", DefaultValueFactory = _ => 5 };
var only = new Option<string?>("--only") { Description = "Only networks whose name contains this." };
var command = new RootCommand("Prints parameters, multiply-adds and time of every network, and builds three new ones from their parts.") { repeats, only };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    (string Name, string Source, Func<IPoseNetwork> Build)[] published =
    [
        ("MSPN, 1 stage", "Li 2019", () => PoseNetworks.Mspn(1)),
        ("MSPN, 2 stages", "Li 2019", () => PoseNetworks.Mspn(2)),
        ("MSPN, 4 stages", "Li 2019", () => PoseNetworks.Mspn(4)),
        ("RSN-18", "Cai 2020", () => PoseNetworks.ResidualSteps()),
        ("RSN-50", "Cai 2020", () => PoseNetworks.ResidualSteps(depth: 50)),
        ("2× RSN-50, refine machine", "Cai 2020", () => PoseNetworks.ResidualSteps(2, 50, refineMachine: true)),
        ("Hourglass, 2 stacks", "Newell 2016", () => PoseNetworks.StackedHourglass(2)),
        ("Hourglass, 8 stacks", "Newell 2016", () => PoseNetworks.StackedHourglass(8)),
        ("CPN-50", "Chen 2018", () => PoseNetworks.CascadedPyramid(50)),
        ("CPN-101", "Chen 2018", () => PoseNetworks.CascadedPyramid(101)),
        ("SimpleBaseline, ResNet-18", "Xiao 2018", () => PoseNetworks.SimpleBaseline(Backbone.ResNet(18))),
        ("SimpleBaseline, ResNet-50", "Xiao 2018", () => PoseNetworks.SimpleBaseline()),
        ("SimpleBaseline, ResNet-152", "Xiao 2018", () => PoseNetworks.SimpleBaseline(Backbone.ResNet(152))),
        ("SimpleBaseline, VGG-16", "–", () => PoseNetworks.SimpleBaseline(Backbone.Vgg(16))),
        ("Heat maps + offsets, ResNet-101", "Papandreou 2017", () => PoseNetworks.HeatmapOffset()),
        ("OpenPose, 6 stages", "Cao 2017", () => PoseNetworks.OpenPose()),
    ];

    (string Name, string Source, Func<IPoseNetwork> Build)[] own =
    [
        // Four hourglasses that hand features on as MSPN's stages do and give heat maps at every scale, for coarse-to-fine supervision.
        ("Hourglass, aggregation, coarse to fine", "new", () => new MultiStageNetwork(
            stem: new HourglassStem(128),
            stages: Enumerable.Range(0, 4).Select(_ => SingleStageModule.Hourglass(channels: 128)),
            keypoints: KeypointSchemas.Mpii16,
            aggregation: new CrossStageAggregation(),
            inputSize: new ImageSize(256, 256),
            link: place => new ResidualLink(place))),

        // CPN's refinement on top of MSPN's encoder and decoder.
        ("MSPN stage, RefineNet", "new", () => new MultiStageNetwork(
            stem: new ResNetStem(64),
            stages: [SingleStageModule.Mspn()],
            keypoints: KeypointSchemas.Coco17,
            refinement: (channels, maps) => new RefineNet(channels, maps))),

        // Residual steps first, then a hourglass of as many levels; aggregation joins them, and both stages also give offsets.
        ("RSN stage, hourglass, offsets", "new", () => new MultiStageNetwork(
            stem: new ResNetStem(64),
            stages: [SingleStageModule.ResidualSteps(), SingleStageModule.Hourglass(channels: 256, depth: 3)],
            keypoints: KeypointSchemas.Coco17,
            aggregation: new CrossStageAggregation(),
            extras: [PoseExtra.OfKeypointOffsets(KeypointSchemas.Coco17)])),
    ];

    var count = given.GetValue(repeats);
    Console.WriteLine($"{Environment.ProcessorCount} cores, {get_num_threads()} threads, batch of 1, evaluation, float32; multiply-adds of the final heat maps and of all.");
    Console.WriteLine($"{"network",-40}{"source",-17}{"input",9}{"keypoints",11}{"parameters",14}{"G mult-adds",13}{"all",8}{"ms",9}");
    foreach (var (name, source, build) in published.Concat(own))
    {
        cancellation.ThrowIfCancellationRequested();
        if (given.GetValue(only) is { } text && !name.Contains(text, StringComparison.OrdinalIgnoreCase))
        {
            continue;
        }
        using var network = build();
        var summary = NetworkSummary.Of(network);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-40}{source,-17}{network.InputSize,9}{network.Keypoints.Count,11}{summary.Parameters,14:N0}{summary.FinalMultiplyAdds / 1e9,13:0.00}"
            + $"{summary.MultiplyAdds / 1e9,8:0.00}{(count > 0 ? Time(network, count).ToString("0", CultureInfo.InvariantCulture) : "–"),9}"));
    }
});

static double Time(IPoseNetwork network, int repeats)
{
    network.Module.eval();
    using var noGrad = no_grad();
    using var image = rand(1, 3, network.InputSize.Height, network.InputSize.Width);
    var times = new List<double>();
    for (var i = 0; i <= repeats; i++)
    {
        var watch = Stopwatch.StartNew();
        network.PredictFinal(image).Dispose();
        times.Add(watch.Elapsed.TotalMilliseconds);
    }
    // The first pass prepares memory and kernels.
    return Statistics.Median(times.Skip(1));
}
