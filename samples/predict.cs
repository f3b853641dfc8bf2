#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Draws people's poses on photos: the person in a box, or whoever the network finds in the whole image.
using System.CommandLine;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Samples;

var weights = new Option<string>("--weights") { Description = "A model file (.safetensors) written by this library.", Required = true };
var output = new Option<string>("--out") { Description = "Folder for the pictures.", Required = true };
var box = new Option<string?>("--box") { Description = "The person's box in pixels, x,y,width,height. [default: whoever is found in the whole image]" };
var flip = new Option<bool>("--flip") { Description = "Average with the mirrored image: a little better, twice the time." };
var files = new Argument<string[]>("IMAGE") { Description = "JPEG, PNG, WebP, BMP or GIF files.", Arity = ArgumentArity.OneOrMore };
var command = new RootCommand("Draws people's poses on photos and prints the keypoints.") { weights, output, box, flip, files };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    Box? where = given.GetValue(box) is { } text ? ParseBox(text) : null;
    var folder = given.GetValue(output)!;
    using var estimator = PoseEstimator.Load(given.GetValue(weights)!, new PoseEstimatorOptions { FlipTest = given.GetValue(flip) });
    var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
    foreach (var file in given.GetValue(files)!)
    {
        cancellation.ThrowIfCancellationRequested();
        var image = RgbImage.Load(file);
        var poses = where is { } given4 ? [estimator.Estimate(image, given4)] : estimator.EstimateEverybody(image);
        var target = Path.Combine(folder, UniqueName(file, used));
        PoseRenderer.Draw(image, poses).Save(target);
        Console.WriteLine($"{file} ({image.Size}): {poses.Count} found, drawn to {target}");
        foreach (var pose in poses)
        {
            Print(pose);
        }
    }
});

static void Print(Pose pose)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  score {pose.Score:0.00}"));
    for (var k = 0; k < pose.Keypoints.Count; k++)
    {
        var point = pose.Keypoints[k];
        Console.WriteLine(point.IsFound
            ? string.Create(CultureInfo.InvariantCulture, $"    {pose.Schema.Keypoints[k],-16}{point.X,8:0.0}{point.Y,8:0.0}   {point.Score:0.00}")
            : $"    {pose.Schema.Keypoints[k],-16}    not found");
    }
}

static Box ParseBox(string text)
{
    var numbers = text.Split(',').Select(t => double.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : double.NaN).ToArray();
    return numbers is [var x, var y, var width, var height] && new Box(x, y, width, height) is { IsValid: true } parsed
        ? parsed
        : throw new ArgumentException($"--box must be x,y,width,height with a positive size, not '{text}'.");
}

// Photos of the same name from two folders must not overwrite each other.
static string UniqueName(string file, HashSet<string> used)
{
    var stem = Path.GetFileNameWithoutExtension(file);
    var name = $"{stem}.png";
    for (var i = 2; !used.Add(name); i++)
    {
        name = $"{stem}-{i}.png";
    }
    return name;
}
