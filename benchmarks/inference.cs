#!/usr/bin/env dotnet
#:property AssemblyName=Mspn.Benchmarks
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package Microsoft.ML.OnnxRuntime
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// What a network's forward pass costs in all ways of running it, beside what people would deploy instead: the whole graph, with the heads of all stages and
// scales, in ONNX Runtime and in libtorch. Each way is a process of its own; they compute in turn, one at a time, and ratios are medians over rounds. Beside
// other work the processor time tells more than the clock.
// Normalisations are folded in the file for ONNX Runtime, as PyTorch's exporter does it (and ONNX Runtime itself with files where they are not).
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples;
using TorchSharp;

var rounds = new Option<int>("--rounds") { Description = "Times each way runs.", DefaultValueFactory = _ => 7 };
var batches = new Option<int[]>("--batch") { Description = "Crops at a time.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 8] };
var threads = new Option<int>("--threads") { Description = "Threads of each process.", DefaultValueFactory = _ => 2 };
var network = new Option<string>("--network") { Description = $"A published network, with random weights: {string.Join(", ", Published.All.Keys)}.", DefaultValueFactory = _ => "mspn" };
var weights = new Option<string?>("--weights") { Description = "A trained model file (.safetensors) instead, to tell how far keypoints are apart." };
var annotations = new Option<string?>("--annotations") { Description = "With --weights: COCO keypoint JSON of the people whose crops are used." };
var images = new Option<string?>("--images") { Description = "The folder that file names in the JSON are relative to." };
var crops = new Option<int>("--crops") { Description = "How many people.", DefaultValueFactory = _ => 96 };
var only = new Option<string[]>("--only")
{
    Description = "Only these ways, by parts of their names; ratios are to the first.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
};
var child = new Option<string?>("--child") { Hidden = true };
var work = new Option<string?>("--work") { Hidden = true };
var command = new RootCommand("Times forward passes in all ways of running a network.")
{
    rounds, batches, threads, network, weights, annotations, images, crops, only, child, work,
};

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    if (given.GetValue(child) is { } name)
    {
        using var way = Ways.All[name](new Setting(given.GetValue(work)!, given.GetValue(threads)));
        TimedProcess.Serve(way.Answer);
        return;
    }
    var sizes = given.GetValue(batches)!;
    if (sizes.Length == 0 || sizes.Min() < 1 || given.GetValue(crops) < sizes.Max())
    {
        throw new ArgumentException("--batch must be positive, and --crops at least as large.");
    }
    var parts = given.GetValue(only)!;
    var names = Ways.All.Keys.Where(key => parts.Length == 0 || parts.Any(part => key.Contains(part, StringComparison.OrdinalIgnoreCase))).ToArray();
    var folder = Directory.CreateTempSubdirectory("mspn-inference-");
    var sides = new List<TimedProcess>();
    try
    {
        var trained = given.GetValue(weights) is not null;
        Prepare(given, folder.FullName);
        foreach (var key in names)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] arguments = ["--child", key, "--work", folder.FullName, "--threads", $"{given.GetValue(threads)}"];
            sides.Add(new TimedProcess(key, Environment.ProcessPath!, arguments, given.GetValue(threads)));
        }
        var times = sizes.ToDictionary(size => size, _ => sides.Select(_ => new List<double[]>()).ToArray());
        for (var round = -1; round < given.GetValue(rounds); round++)
        {
            foreach (var (size, i) in sizes.SelectMany(size => sides.Select((_, i) => (size, i))))
            {
                cancellation.ThrowIfCancellationRequested();
                var answer = sides[i].Ask($"{size}");
                if (round >= 0)
                {
                    times[size][i].Add([.. answer.Select(seconds => 1000 * seconds / size)]);
                }
            }
        }
        var keypoints = trained ? sides.Select(side => side.Ask(Way.KeypointsQuestion)).ToArray() : null;
        Console.WriteLine(
            $"{(trained ? given.GetValue(weights) : $"{given.GetValue(network)}, random weights")}; {given.GetValue(threads)} threads, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; "
            + $"per crop; ratios to {sides[0].Name}");
        Report(sides, times, keypoints);
    }
    finally
    {
        sides.ForEach(side => side.Dispose());
        folder.Delete(recursive: true);
    }
});

// The model and the crops that all ways are given.
void Prepare(ParseResult given, string folder)
{
    var setting = new Setting(folder, given.GetValue(threads));
    if (given.GetValue(weights) is null)
    {
        torch.manual_seed(1);
        using var built = new PoseModel(Published.Build(given.GetValue(network)!), new PoseInput());
        using var scope = torch.NewDisposeScope();
        PoseModelFile.Save(setting.ModelFile, built.Network, built.Input);
        var size = built.Network.InputSize;
        setting.WriteCrops(torch.nn.functional.interpolate(
            torch.randn(given.GetValue(crops), 3, 8, 6), [size.Height, size.Width], mode: torch.InterpolationMode.Bilinear, align_corners: true).data<float>().ToArray());
        return;
    }
    File.Copy(given.GetValue(weights)!, setting.ModelFile);
    using var model = setting.LoadModel();
    var people = given.GetValue(annotations) is { } file && given.GetValue(images) is { } photos
        ? CocoKeypointDataset.Load(file, photos)
        : throw new ArgumentException("--weights needs --annotations and --images.");
    var reader = new CropReader(model.Network.InputSize, model.Input.Normalization);
    var count = Math.Min(given.GetValue(crops), people.Count);
    var pixels = new float[count * reader.Length];
    Parallel.For(0, count, i =>
    {
        var person = (int)((long)i * people.Count / count);
        var region = CropSampler.ForEvaluation(people[person].Box, model.Input, model.Network.InputSize);
        reader.Read(
            people.LoadImage(person), AffineTransform.ToCrop(region, model.Network.InputSize), mirrored: false, pixels.AsSpan(i * reader.Length, reader.Length));
    });
    setting.WriteCrops(pixels);
}

static void Report(List<TimedProcess> sides, Dictionary<int, List<double[]>[]> times, double[][]? keypoints)
{
    var head = string.Concat(times.Keys.Select(size => $"{$"batch {size}, ms",13}{"ratio",7}{"processor",13}{"ratio",7}"));
    Console.WriteLine($"{string.Empty,-32}{head}{(keypoints is null ? string.Empty : $"{"median px",11}{"99 %",8}{"> 0.1",8}")}");
    var exact = sides.FindIndex(side => side.Name == Ways.PlainName);
    for (var i = 0; i < sides.Count; i++)
    {
        var line = $"{sides[i].Name,-32}";
        foreach (var size in times.Values)
        {
            foreach (var part in new[] { 0, 1 })
            {
                var (own, first) = (size[i].Select(time => time[part]), size[0].Select(time => time[part]));
                line += string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(own),13:0.0}{Statistics.MedianRatio(own, first),7:0.00}");
            }
        }
        if (keypoints is not null && exact >= 0)
        {
            var apart = keypoints[i].Chunk(2).Zip(keypoints[exact].Chunk(2), (a, b) => double.Hypot(a[0] - b[0], a[1] - b[1])).ToArray();
            line += string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(apart),11:0.0000}{Statistics.Quantile(apart, 0.99),8:0.000}{apart.Count(d => d > 0.1) / (double)apart.Length,8:P1}");
        }
        Console.WriteLine(line);
    }
}

/// <summary>The published networks.</summary>
internal static class Published
{
    public static IReadOnlyDictionary<string, Func<IPoseNetwork>> All { get; } = new Dictionary<string, Func<IPoseNetwork>>
    {
        ["mspn"] = () => PoseNetworks.Mspn(),
        ["rsn"] = () => PoseNetworks.ResidualSteps(),
        ["hourglass"] = () => PoseNetworks.StackedHourglass(2),
        ["cpn"] = () => PoseNetworks.CascadedPyramid(),
        ["simplebaseline"] = () => PoseNetworks.SimpleBaseline(),
        ["offsets"] = () => PoseNetworks.HeatmapOffset(50),
    };

    public static IPoseNetwork Build(string name) => All.TryGetValue(name, out var build)
        ? build()
        : throw new ArgumentException($"There is no network '{name}', but {string.Join(", ", All.Keys)}.");
}

/// <summary>What all ways have in common.</summary>
internal sealed record Setting(string Folder, int Threads)
{
    public string ModelFile => Path.Combine(Folder, "model.safetensors");

    private string CropFile => Path.Combine(Folder, "crops.bin");

    public PoseModel LoadModel()
    {
        var model = PoseModelFile.Load(ModelFile);
        model.Network.Module.eval();
        return model;
    }

    public void WriteCrops(float[] pixels) => File.WriteAllBytes(CropFile, MemoryMarshal.AsBytes<float>(pixels));

    public float[] ReadCrops() => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(CropFile)).ToArray();
}

/// <summary>A way of running a network, on the first of the crops or on all of them.</summary>
internal abstract class Way(Setting setting, ImageSize size) : IDisposable
{
    public const string KeypointsQuestion = "keypoints";

    private const int KeypointsBatch = 8;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.3);

    private readonly float[] _crops = setting.ReadCrops();

    private int Length => 3 * size.Height * size.Width;

    /// <summary>To "keypoints" x and y of each, to a number of crops the seconds and the processor's seconds that they take.</summary>
    public IEnumerable<double> Answer(string question)
    {
        if (question == KeypointsQuestion)
        {
            return [.. _crops.Chunk(KeypointsBatch * Length).SelectMany(part => Find(part, Shape(part)))];
        }
        var batch = int.Parse(question, CultureInfo.InvariantCulture);
        var crops = _crops[..(batch * Length)];
        return TimedProcess.Time(() => Run(crops, Shape(crops)), Least);
    }

    public abstract void Run(float[] crops, long[] shape);

    public abstract IEnumerable<double> Find(float[] crops, long[] shape);

    public abstract void Dispose();

    private long[] Shape(float[] crops) => [crops.Length / Length, 3, size.Height, size.Width];
}

/// <summary>With TorchSharp.</summary>
internal sealed class TorchWay(Setting setting, PoseModel model, Func<torch.Tensor, PoseOutput> predict, IDisposable owner) : Way(setting, model.Network.InputSize)
{
    private readonly IPoseDecoder _decoder = model.Network.CreateDecoder(model.Input);
    private readonly ImageSize _size = model.Network.InputSize;

    public override void Run(float[] crops, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        predict(torch.tensor(crops, shape));
    }

    public override IEnumerable<double> Find(float[] crops, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var people = _decoder.DecodePeople(predict(torch.tensor(crops, shape)), _size);
        return [.. people.SelectMany(person => person[0].Keypoints).SelectMany(keypoint => new[] { keypoint.X, keypoint.Y })];
    }

    public override void Dispose() => owner.Dispose();
}

/// <summary>With ONNX Runtime, the decoder being part of the graph or not.</summary>
internal sealed class OnnxWay : Way
{
    private readonly PoseModel _model;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    public OnnxWay(Setting setting, PoseModel model, OnnxExportOptions options)
        : base(setting, model.Network.InputSize)
    {
        _model = model;
        var file = Path.Combine(setting.Folder, $"{Environment.ProcessId}.onnx");
        OnnxExport.Save(file, model, options);
        using var session = new SessionOptions { IntraOpNumThreads = setting.Threads };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(file, session);
        File.Delete(file);
    }

    public override void Run(float[] crops, long[] shape) => Compute(crops, shape).Dispose();

    public override IEnumerable<double> Find(float[] crops, long[] shape)
    {
        using var outputs = Compute(crops, shape);
        var found = outputs[Math.Max(0, _session.OutputNames.ToList().IndexOf("heatmaps"))];
        var (values, dimensions) = (found.GetTensorDataAsSpan<float>().ToArray(), found.GetTensorTypeAndShape().Shape);
        if (dimensions.Length == 3)
        {
            return values.Chunk(3).SelectMany(keypoint => new double[] { keypoint[0], keypoint[1] });
        }
        using var scope = torch.NewDisposeScope();
        var people = _model.Network.CreateDecoder(_model.Input).DecodePeople(new PoseOutput([[torch.tensor(values, dimensions)]]), _model.Network.InputSize);
        return [.. people.SelectMany(person => person[0].Keypoints).SelectMany(keypoint => new[] { keypoint.X, keypoint.Y })];
    }

    public override void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        _model.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Compute(float[] crops, long[] shape)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(crops, shape);
        return _session.Run(_run, _session.InputNames, [input], _session.OutputNames);
    }
}

/// <summary>The ways, each of the later ones with one thing more than the one before.</summary>
internal static class Ways
{
    public const string PlainName = "here: eager, every map";

    public static IReadOnlyDictionary<string, Func<Setting, Way>> All { get; } = new Dictionary<string, Func<Setting, Way>>
    {
        ["whole graph, ONNX Runtime"] = setting => new OnnxWay(setting, setting.LoadModel(), new OnnxExportOptions { Maps = ExportedMaps.Every, Keypoints = false }),
        ["whole graph, traced libtorch"] = setting => Prepared(setting, new Preparation { EveryMap = true, Folds = false, ChannelsLast = false, Fuses = false }),
        [PlainName] = setting => Eager(setting, network => network.Predict),
        ["+ final maps only"] = setting => Eager(setting, network => network.PredictFinal),
        ["+ one native call"] = setting => Prepared(setting, new Preparation { Folds = false, ChannelsLast = false, Fuses = false }),
        ["+ folded normalisations"] = setting => Prepared(setting, new Preparation { ChannelsLast = false, Fuses = false }),
        ["+ channels last"] = setting => Prepared(setting, new Preparation { Fuses = false }),
        ["+ fused and packed = Exact"] = setting => Prepared(setting, new Preparation()),
        ["+ bfloat16 = Fast"] = setting => Prepared(setting, new Preparation { Precision = NumericPrecision.Fast }),
        ["ONNX backend, with decoding"] = setting => new OnnxWay(setting, setting.LoadModel(), new OnnxExportOptions()),
    };

    private static TorchWay Eager(Setting setting, Func<IPoseNetwork, Func<torch.Tensor, PoseOutput>> predict)
    {
        var model = setting.LoadModel();
        return new TorchWay(setting, model, predict(model.Network), model);
    }

    private static TorchWay Prepared(Setting setting, Preparation steps)
    {
        using var model = setting.LoadModel();
        var prepared = new PreparedNetwork(model.Network, steps);
        return new TorchWay(setting, model, prepared.PredictFinal, prepared);
    }
}
