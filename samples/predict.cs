#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:project ../src/Mspn.Onnx/Mspn.Onnx.csproj
#:package TorchSharp-cpu
#:package Microsoft.ML.OnnxRuntime
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// People's poses in photos, folders and frames: found in boxes that a detector, a file or the user gives, or in the whole image.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Onnx;
using Mspn.Samples;

var weights = new Option<string>("--weights")
{
    Description = "A model file (.safetensors) written by this library, a checkpoint that it recognises, or an ONNX file of --export.", Required = true,
};
var files = new Argument<string[]>("IMAGE")
{
    Description = "JPEG, PNG, WebP, BMP or GIF files, folders of them, or patterns such as 'walk/frame*.png'.", Arity = ArgumentArity.ZeroOrMore,
};

// Where people are; without any of these, whoever the network finds in the whole image.
var detectorFile = new Option<string?>("--detector") { Description = "Find people first, with this YOLOX model (.onnx)." };
var boxesFile = new Option<string?>("--boxes") { Description = "Take people from this COCO detection file." };
var annotations = new Option<string?>("--annotations") { Description = "With --boxes: the COCO file that gives the images' names. [default: names are numbers]" };
var box = new Option<string?>("--box") { Description = "The person's box in every image, in pixels: x,y,width,height." };
var sure = new Option<double>("--box-score") { Description = "Detections with a lower score are left out.", DefaultValueFactory = _ => new OnnxDetectorOptions().ScoreThreshold };

var flip = new Option<bool>("--flip") { Description = "Average with the mirrored image: a little better, twice the time." };
var fast = new Option<bool>("--fast") { Description = "Compute in bfloat16: about half the time on processors that multiply it." };
var export = new Option<string?>("--export") { Description = "Also write the network as an ONNX file (.onnx), from pixels to keypoints; needs no IMAGE." };
var output = new Option<string?>("--out") { Description = "Folder for pictures of the poses." };
var jpeg = new Option<int?>("--jpeg") { Description = "Write JPEG files of this quality (1 to 100) there. [default: PNG files]" };
var sheet = new Option<string?>("--sheet") { Description = "A picture of originals and poses side by side, of up to 24 images (.png or .jpg)." };
var json = new Option<string?>("--json") { Description = "A file for the poses: COCO's keypoint results, with file names." };
var threshold = new Option<double>("--threshold") { Description = "Keypoints with a lower score are not drawn." };
var command = new RootCommand("Finds people's poses in images; draws them, writes them down, or prints those of a single image.")
{
    weights, detectorFile, boxesFile, annotations, box, sure, flip, fast, export, output, jpeg, sheet, json, threshold, files,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    CheckCombination(given);
    var (model, exported) = (given.GetValue(weights)!, given.GetValue(export));
    if (exported is not null)
    {
        using var exporting = PoseModelFile.Load(model);
        var outputs = OnnxExport.Save(exported, exporting, new OnnxExportOptions { RawPixels = true, FlipTest = given.GetValue(flip) });
        Console.WriteLine($"Wrote {exported}: pixels in, {string.Join(", ", outputs)} out.");
    }
    if (given.GetValue(files) is not { Length: > 0 } paths)
    {
        if (exported is null)
        {
            throw new ArgumentException("IMAGE is missing; only --export does without.");
        }
        return;
    }
    var images = ImageFiles.Find(paths);
    using var estimator = CreateEstimator(given, model);
    using var detector = CreateDetector(given, cancellation);
    var pictures = new PosePictures(
        given.GetValue(output), given.GetValue(sheet), images.Count, new PoseRendererOptions { MinimumScore = given.GetValue(threshold) },
        given.GetValue(jpeg));
    var results = new PoseResults(images);
    var progress = images.Count > 1 ? new ConsoleCount("images", images.Count) : null;
    var start = Stopwatch.GetTimestamp();
    var (people, failed) = (0, 0);
    foreach (var found in estimator.EstimateFilesAsync(images, detector, cancellation: cancellation).ToBlockingEnumerable(cancellation))
    {
        var i = (int)found.Index;
        if (found.Image is { } image)
        {
            pictures.Add(i, found.File, image, found.Poses);
            results.Add(i, found.Poses);
            people += found.Poses.Count;
            if (images.Count == 1)
            {
                Print(found.Poses);
            }
        }
        else
        {
            // The others are not to wait for it.
            failed++;
            ConsoleLine.End();
            Console.Error.WriteLine($"Left out {found.Error!.Message}");
        }
        progress?.Report(i + 1);
    }
    pictures.SaveSheet();
    if (given.GetValue(json) is { } path)
    {
        results.Save(path);
    }
    var (read, seconds) = (images.Count - failed, Stopwatch.GetElapsedTime(start).TotalSeconds);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{read} images, {people} people in {seconds:0.0} s, reading and drawing included: {read / seconds:0.0} images/s, {people / seconds:0.0} people/s."));
    if (failed > 0)
    {
        throw new PoseDataException($"{failed} of {images.Count} images", "they could not be used and were left out, as told above.");
    }
});

PoseEstimator CreateEstimator(ParseResult given, string file)
{
    var options = new PoseEstimatorOptions
    {
        FlipTest = given.GetValue(flip), Precision = given.GetValue(fast) ? NumericPrecision.Fast : NumericPrecision.Exact,
    };
    return Path.GetExtension(file) != ".onnx" ? PoseEstimator.Load(file, options)
        : options != new PoseEstimatorOptions() ? throw new ArgumentException("--flip and --fast are not for ONNX files: whether to flip is decided by --export.")
        : PoseEstimator.FromOnnx(file);
}

// What would do nothing is a mistake.
void CheckCombination(ParseResult given)
{
    var needed = new (Option Option, Option[] With)[] { (jpeg, [output]), (annotations, [boxesFile]), (sure, [detectorFile, boxesFile]), (threshold, [output, sheet]) };
    bool IsGiven(Option option) => given.GetResult(option) is { Implicit: false };
    if (needed.FirstOrDefault(n => IsGiven(n.Option) && !n.With.Any(IsGiven)) is ({ } alone, { } with))
    {
        throw new ArgumentException($"{alone.Name} needs {string.Join(" or ", with.Select(o => o.Name))}.");
    }
}

IPersonDetector? CreateDetector(ParseResult given, CancellationToken cancellation)
{
    var (model, list, fixedBox, least) = (given.GetValue(detectorFile), given.GetValue(boxesFile), given.GetValue(box), given.GetValue(sure));
    if (new[] { model, list, fixedBox }.Count(option => option is not null) > 1)
    {
        throw new ArgumentException("Only one of --detector, --boxes and --box can say where people are.");
    }
    return model is not null ? OnnxPersonDetector.Load(model, new OnnxDetectorOptions { ScoreThreshold = least })
        : list is not null ? ListedPersonDetector.Load(list, given.GetValue(annotations), least, cancellation: cancellation)
        : fixedBox is not null ? new FixedPersonDetector([new PersonBox(ParseBox(fixedBox), 1)])
        : null;
}

static Box ParseBox(string text)
{
    var numbers = text.Split(',').Select(t => double.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : double.NaN).ToArray();
    return numbers is [var x, var y, var width, var height] && new Box(x, y, width, height) is { IsValid: true } parsed
        ? parsed
        : throw new ArgumentException($"--box must be x,y,width,height with a positive size, not '{text}'.");
}

static void Print(IReadOnlyList<Pose> poses)
{
    foreach (var pose in poses)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"score {pose.Score:0.00}"));
        for (var k = 0; k < pose.Keypoints.Count; k++)
        {
            var point = pose.Keypoints[k];
            Console.WriteLine(point.IsFound
                ? string.Create(CultureInfo.InvariantCulture, $"  {pose.Schema.Keypoints[k],-16}{point.X,8:0.0}{point.Y,8:0.0}   {point.Score:0.00}")
                : $"  {pose.Schema.Keypoints[k],-16}    not found");
        }
    }
}
