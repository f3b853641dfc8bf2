#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Says what a weight file holds, and turns other codes' checkpoints into model files of this library, or these into theirs, or a network into an
// ONNX file. Needs no Python.
using System.CommandLine;
using System.Globalization;
using Mspn.Core;
using Mspn.Samples;

var input = new Argument<string>("IN") { Description = "A PyTorch checkpoint (.pth, …), a safetensors file, or a model file of this library; the content tells which." };
var output = new Argument<string?>("OUT") { Description = "The file to write: .safetensors, .pth for other codes, or .onnx, whose output are keypoints.", Arity = ArgumentArity.ZeroOrOne };
var to = new Option<WeightStyle>("--to") { Description = "Whose names and container: this library's, the network's own code's, or mmpose's.", DefaultValueFactory = _ => WeightStyle.Mspn };
var keypoints = new Option<string?>("--keypoints") { Description = "coco17, mpii16, lsp14, crowdpose14 or openpose18. [default: by the number of heat maps]" };
var size = new Option<string?>("--size") { Description = "Height x width of the network's input, such as 384x288, which weights do not tell. [default: 256x192 for most]" };
var inspect = new Option<bool>("--inspect") { Description = "List every tensor. Without OUT nothing is written." };
var half = new Option<bool>("--bf16") { Description = "For a model file: kernels rounded to bfloat16, half the size. Whoever loads it computes in single precision again." };
var pixels = new Option<bool>("--pixels") { Description = "For .onnx: its input are pixels, uint8 [N, H, W, 3], red first, instead of normalised floats [N, 3, H, W]." };
var maps = new Option<bool>("--maps") { Description = "For .onnx: give heat maps beside keypoints." };
var flipTest = new Option<bool>("--flip-test") { Description = "For .onnx: run every crop mirrored as well." };
var command = new RootCommand("Inspects weight files and converts them between this library, the networks' own codes and mmpose.") 
{
    input, output, to, keypoints, size, inspect, half, pixels, maps, flipTest,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var target = given.GetValue(output);
    if (target is null && !given.GetValue(inspect))
    {
        throw new ArgumentException("OUT is missing; only --inspect does without.");
    }
    var onnx = target is not null && Path.GetExtension(target) == ".onnx";
    if (given.GetValue(half) && (target is null || onnx || given.GetValue(to) != WeightStyle.Mspn))
    {
        throw new ArgumentException("--bf16 is for model files of this library: OUT must be one.");
    }
    if (!onnx && (given.GetValue(pixels) || given.GetValue(maps) || given.GetValue(flipTest)))
    {
        throw new ArgumentException("--pixels, --maps and --flip-test are for ONNX files: OUT must end in .onnx.");
    }
    if (onnx && given.GetResult(to) is { Implicit: false })
    {
        throw new ArgumentException("--to says whose names weights have, which an ONNX file does not keep.");
    }
    using var file = WeightFile.Open(given.GetValue(input)!);
    var layout = CheckpointLayout.Of(file);
    Describe(file, layout);
    if (given.GetValue(inspect))
    {
        ListTensors(layout.Weights);
    }
    var schema = given.GetValue(keypoints) is { } name ? KeypointSchemas.Get(name) : null;
    ImageSize? inputSize = given.GetValue(size) is { } text ? SizeArgument.Parse(text) : null;
    using var model = PoseModelFile.Recognizes(file) ? Own(file.Path, schema, inputSize) : Recognized(layout.Weights, schema, inputSize, fill: target is not null);
    if (model is null || target is null)
    {
        return;
    }
    cancellation.ThrowIfCancellationRequested();
    if (onnx)
    {
        var options = new OnnxExportOptions { RawPixels = given.GetValue(pixels), Maps = given.GetValue(maps) ? ExportedMaps.Final : ExportedMaps.None, FlipTest = given.GetValue(flipTest) };
        var outputs = OnnxExport.Save(target, model, options);
        Console.WriteLine($"Wrote {target} ({Megabytes(new FileInfo(target).Length)}), which gives {string.Join(", ", outputs)}.");
        return;
    }
    var progress = new ConsoleCount("tensors written");
    if (given.GetValue(half))
    {
        PoseModelFile.Save(target, model.Network, model.Input, bfloat16: true, progress);
    }
    else
    {
        WeightExport.Write(target, model.Network, given.GetValue(to), model.Input, progress);
    }
    ConsoleLine.End();
    var rest = given.GetValue(to) == WeightStyle.Mspn ? string.Empty : " It does not say how images are prepared: as above.";
    Console.WriteLine($"Wrote {target} ({Megabytes(new FileInfo(target).Length)}).{rest}");
});

static void Describe(WeightFile file, CheckpointLayout layout)
{
    var weights = layout.Weights;
    var numbers = weights.Names.Sum(name => weights.Shape(name).Aggregate(1L, (a, b) => a * b));
    var types = weights.Names.GroupBy(weights.Type).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}");
    var kind = file is PytorchFile ? "PyTorch checkpoint" : PoseModelFile.Recognizes(file) ? "model file of this library" : "safetensors";
    Console.WriteLine($"{file.Path}: {kind}, {Megabytes(new FileInfo(file.Path).Length)}");
    Console.WriteLine($"  layout   {layout.Kind}{(layout.Prefix.Length > 0 ? $", below '{layout.Prefix}'" : string.Empty)}{(layout.HasOptimizer ? ", with an optimiser's state" : string.Empty)}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  tensors  {weights.Names.Count} ({string.Join(", ", types)}), {numbers:N0} numbers"));
}

static void ListTensors(WeightFile weights)
{
    var width = weights.Names.Max(name => name.Length);
    foreach (var name in weights.Names)
    {
        Console.WriteLine($"    {name.PadRight(width)}  {weights.Type(name),-8}[{string.Join(", ", weights.Shape(name))}]");
    }
}

static PoseModel Own(string path, KeypointSchema? schema, ImageSize? inputSize)
{
    if (schema is not null || inputSize is not null)
    {
        throw new ArgumentException("--keypoints and --size are for other codes' files; a model file says both itself.");
    }
    var model = PoseModelFile.Load(path);
    Print(model);
    return model;
}

// Null if nothing is to be converted and nothing is known of the file.
static PoseModel? Recognized(WeightFile weights, KeypointSchema? schema, ImageSize? inputSize, bool fill)
{
    if (RecognizedNetwork.Of(weights, schema, inputSize) is not { } found)
    {
        Console.WriteLine("  network  none that this library knows");
        return fill ? throw new PoseDataException(weights.Path, "its names are those of no network that this library knows.") : null;
    }
    var model = new PoseModel(found.Options.Build(), found.Input);
    try
    {
        Print(model);
        var report = WeightImport.Check(model.Network.Module, weights, found.Keys);
        Console.WriteLine(report);
        if (fill)
        {
            WeightImport.Load(model.Network.Module, weights, found.Keys, progress: new ConsoleCount("tensors read", report.Loaded.Count));
        }
        return model;
    }
    catch
    {
        model.Dispose();
        throw;
    }
}

static void Print(PoseModel model)
{
    var metadata = PoseModelFile.Metadata(model.Network, model.Input);
    Console.WriteLine($"  network  {metadata["mspn.network"]}");
    Console.WriteLine($"  finds    {model.Network.Keypoints} in {model.Network.InputSize}");
    Console.WriteLine($"  input    {metadata["mspn.input"]}");
}

static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
