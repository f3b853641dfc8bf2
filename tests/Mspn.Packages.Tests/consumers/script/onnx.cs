#:package Mspn.Onnx@VERSION
#:package TorchSharp-cpu@VERSION
#:package Microsoft.ML.OnnxRuntime@VERSION
#:package SkiaSharp.NativeAssets.Linux.NoDependencies@VERSION
#:property PublishAot=false
#:property CreateSymbolicLinksForCopyLocalIfPossible=true

// Writes a network as an ONNX file and finds the same keypoints with both.
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Onnx;

var (image, box) = (new RgbImage(320, 240), new Box(40, 20, 120, 260));
for (var i = 0; i < image.Pixels.Length; i++)
{
    image.Pixels[i] = (byte)(i * 7 % 251);
}
using var network = new MspnNetwork(new MspnOptions
{
    InputSize = new ImageSize(64, 64),
    BaseChannels = 8,
    BlocksPerLevel = [1, 1, 1, 1],
    UpsampleChannels = 16,
});
var input = new PoseInput();
network.eval();
OnnxExport.Save("pose.onnx", network, input, new OnnxExportOptions());
using var torch = new PoseEstimator(new PoseModel(network, input));
using var estimator = PoseEstimator.FromOnnx("pose.onnx");
Pose pose = estimator.Estimate(image, box);
var expected = torch.Estimate(image, box);
var distance = pose.Keypoints.Zip(expected.Keypoints, (a, b) => Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y))).Max();
Console.WriteLine($"{pose.Keypoints.Count} keypoints, the same in both: {distance < 0.01}");
