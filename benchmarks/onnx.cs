#!/usr/bin/env dotnet
#:project ../samples/Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package Microsoft.ML.OnnxRuntime
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// What exported networks cost in ONNX Runtime against TorchSharp, decoding included, in processor time of one thread, both in turn; and how far their
// keypoints are apart. Weights are random.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mspn.Core;
using Mspn.Samples;
using TorchSharp;

var rounds = new Option<int>("--rounds") { Description = "Times each is done.", DefaultValueFactory = _ => 7 };
var batch = new Option<int>("--batch") { Description = "Crops at a time.", DefaultValueFactory = _ => 4 };
var command = new RootCommand("Times exported networks in ONNX Runtime against TorchSharp.") { rounds, batch };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    NativeTorch.Initialize();
    torch.set_num_threads(1);
    Console.WriteLine($"{"network",-24}{"file, MB",10}{"TorchSharp, ms",16}{"ONNX Runtime, ms",18}{"ratio",8}{"apart, px",11}");
    foreach (var build in (Func<IPoseNetwork>[])
    [
        () => PoseNetworks.Mspn(), () => PoseNetworks.ResidualSteps(), () => PoseNetworks.StackedHourglass(2), () => PoseNetworks.CascadedPyramid(),
        () => PoseNetworks.SimpleBaseline(), () => PoseNetworks.HeatmapOffset(50),
    ])
    {
        cancellation.ThrowIfCancellationRequested();
        torch.manual_seed(1);
        Measure(build(), given.GetValue(rounds), given.GetValue(batch));
    }
});

static void Measure(IPoseNetwork network, int rounds, int crops)
{
    var path = Path.Combine(Path.GetTempPath(), $"mspn-{Environment.ProcessId}.onnx");
    try
    {
        OnnxExport.Save(path, network, new PoseInput());
        network.Module.eval();
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var (size, decoder) = (network.InputSize, network.CreateDecoder(new PoseInput()));
        var images = torch.nn.functional.interpolate(torch.randn(crops, 3, 8, 6), [size.Height, size.Width], mode: torch.InterpolationMode.Bilinear, align_corners: true);
        var input = new DenseTensor<float>(images.data<float>().ToArray(), [crops, 3, size.Height, size.Width]);
        var (eager, exported, apart) = (new List<double>(), new List<double>(), 0.0);
        for (var round = 0; round <= rounds; round++)
        {
            using var inner = torch.NewDisposeScope();
            var start = Process.GetCurrentProcess().TotalProcessorTime;
            var people = decoder.DecodePeople(network.PredictFinal(images), size);
            var middle = Process.GetCurrentProcess().TotalProcessorTime;
            using var found = session.Run([NamedOnnxValue.CreateFromTensor("image", input)]);
            var end = Process.GetCurrentProcess().TotalProcessorTime;
            var keypoints = found[0].AsTensor<float>();
            apart = people.SelectMany((person, n) => person[0].Keypoints.Select((k, i) => double.Hypot(k.X - keypoints[n, i, 0], k.Y - keypoints[n, i, 1]))).Max();
            if (round > 0)
            {
                eager.Add((middle - start).TotalMilliseconds / crops);
                exported.Add((end - middle).TotalMilliseconds / crops);
            }
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{network.GetType().Name,-24}{new FileInfo(path).Length / 1e6,10:F1}{Median(eager),16:F1}{Median(exported),18:F1}{Median(exported.Zip(eager, (o, t) => o / t)),8:F2}{apart,11:E0}"));
    }
    finally
    {
        network.Module.Dispose();
        File.Delete(path);
    }
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return sorted[sorted.Length / 2];
}
