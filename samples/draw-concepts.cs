#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Draws the pictures of docs/concepts.md: what one stage of MSPN and one hourglass are made of, and what the stages and scales of a network are trained against.
using System.CommandLine;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;

var output = new Option<string>("--out") { Description = "Folder for the pictures.", DefaultValueFactory = _ => "docs" };
var command = new RootCommand("Draws the pictures of docs/concepts.md.") { output };

return SampleProgram.Run(command, args, (given, _) =>
{
    Save(Stages(), "concepts-stages.png");
    Save(CoarseToFineTargets(), "concepts-coarse-to-fine.png");

    void Save(RgbImage picture, string name)
    {
        var path = Path.Combine(given.GetValue(output)!, name);
        picture.Save(path);
        Console.WriteLine($"Wrote {path}.");
    }
});

// Channels and multiply-adds of one stage, at each of its resolutions.
static RgbImage Stages()
{
    using var mspn = new MspnNetwork(new MspnOptions { Stages = 1 });
    using var hourglass = new StackedHourglass(new StackedHourglassOptions { Stacks = 1, InputSize = mspn.InputSize });
    int[] heights = [64, 32, 16, 8, 4];
    string[] resolutions = ["64x48", "32x24", "16x12", "8x6", "4x3"];
    var channels = BarChart.Draw("Channels on the way down", resolutions, ("MSPN", Channels(mspn)), ("hourglass", Channels(hourglass)));
    var costs = BarChart.Draw("Million multiply-adds of one stage", resolutions, ("MSPN", Costs(mspn)), ("hourglass", Costs(hourglass)));
    return ImageSheet.Compose([channels, costs], columns: 2, channels.Width, channels.Height);

    IEnumerable<double> Channels(MultiStageNetwork network) => network.Stages[0].Encoder.Channels.Select(c => (double)c);

    IEnumerable<double> Costs(MultiStageNetwork network)
    {
        var layers = NetworkSummary.Of(network).Layers.Where(layer => layer.Name.StartsWith("stages.0.", StringComparison.Ordinal)).ToArray();
        return heights.Take(network.Stages[0].Levels).Select(height => layers.Where(layer => layer.Output[2] == height).Sum(layer => layer.MultiplyAdds / 1e6));
    }
}

// The targets of two stages, a row each, from the coarsest scale to the finest; all keypoints' maps are laid over each other.
static RgbImage CoarseToFineTargets()
{
    const int stages = 2;
    const int scales = 4;
    var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions
    {
        Count = 1, MaxTurn = 25, MaxRotation = 5, MinFigureHeight = 0.8, OcclusionProbability = 0, TruncationProbability = 0, ClutterProbability = 0,
    });
    var targets = new CoarseToFineHeatmapTarget(kernels: [15, 11, 9, 7, 5]);
    var input = new PoseInput { BoxScaleX = 1.2, BoxScaleY = 1.2 };
    var encoder = new CropEncoder(people.Schema, new ImageSize(256, 192), new ImageSize(64, 48), input, targets);
    var levels = CropPreview.Draw(encoder, people[0], people.LoadImage(0), new SampleRandom(seed: 0)).Skip(1).ToArray();
    (int Stage, int Scale)[] places = [.. from stage in Enumerable.Range(0, stages) from scale in Enumerable.Range(0, scales) select (stage, scale)];
    return ImageSheet.Compose(
        [.. places.Select(p => levels[CoarseToFine.KernelIndex(p.Stage, stages, p.Scale, scales, levels.Length)])],
        columns: scales, cellWidth: 180, cellHeight: 240,
        [.. places.Select(p => $"stage {p.Stage + 1}: {targets.KernelFor(p.Stage, stages, p.Scale, scales)}")]);
}
