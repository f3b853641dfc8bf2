#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Draws what a network sees: augmented crops with their keypoints, and the target maps of each.
using System.CommandLine;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;

var annotations = new Option<string>("--annotations") { Description = "Annotations, COCO keypoint JSON.", Required = true };
var images = new Option<string>("--images") { Description = "The folder that file names in the JSON are relative to.", Required = true };
var output = new Option<string>("--out") { Description = "The picture, PNG or JPEG.", DefaultValueFactory = _ => "crops.png" };
var count = new Option<int>("--people") { Description = "People, spread evenly over the data set.", DefaultValueFactory = _ => 6 };
var versions = new Option<int>("--versions") { Description = "Random crops of each.", DefaultValueFactory = _ => 2 };
var size = new Option<string>("--size") { Description = "Height x width of the crops.", DefaultValueFactory = _ => "256x192" };
var augmentation = new Option<string>("--augmentation")
{
    Description = $"How crops vary: {string.Join(", ", AugmentationChoice.Names)}.",
    DefaultValueFactory = _ => "official-coco",
};
var seed = new Option<long>("--seed") { Description = "Fixes the random crops.", DefaultValueFactory = _ => 0 };
var command = new RootCommand("Draws augmented crops with keypoints, and under which target maps a network is trained on them.")
{
    annotations, images, output, count, versions, size, augmentation, seed,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (Math.Min(given.GetValue(count), given.GetValue(versions)) < 1)
    {
        throw new ArgumentException("--people and --versions must be at least 1.");
    }
    var people = CocoKeypointDataset.Load(given.GetValue(annotations)!, given.GetValue(images)!, logger: new ConsoleLogger());
    var crop = SizeArgument.Parse(given.GetValue(size)!);
    var encoder = new CropEncoder(
        people.Schema, crop, new ImageSize(crop.Height / 4, crop.Width / 4), new PoseInput(), new CoarseToFineHeatmapTarget(),
        AugmentationChoice.Get(given.GetValue(augmentation)!));
    var shown = Math.Min(given.GetValue(count), people.Count);
    var progress = new ConsoleCount("drawn", shown);
    var pictures = new List<RgbImage>();
    for (var i = 0; i < shown; i++)
    {
        cancellation.ThrowIfCancellationRequested();
        var index = (int)((long)i * people.Count / shown);
        var image = people.LoadImage(index);
        for (var version = 0; version < given.GetValue(versions); version++)
        {
            // An epoch's draws depend on seed, epoch and person alone; each version is an epoch's.
            pictures.AddRange(CropPreview.Draw(encoder, people[index], image, new SampleRandom(given.GetValue(seed), version, index)));
        }
        progress.Report(i + 1);
    }
    var columns = pictures.Count / (shown * given.GetValue(versions));
    ImageSheet.Compose(pictures, columns, 240, 240 * crop.Height / crop.Width).Save(given.GetValue(output)!);
    Console.WriteLine($"wrote {given.GetValue(output)}: a crop in each row, then its targets from the widest kernel to the narrowest");
});
