using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Onnx.Tests;

/// <summary>A network of a caller's own, made of layers.</summary>
internal sealed class OwnNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
{
    private readonly Sequential body;

    public OwnNetwork()
        : base(nameof(OwnNetwork))
    {
        body = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride: 2, padding: 1), new BatchNormalization(8), nn.ReLU(), nn.Dropout2d(), nn.MaxPool2d(2),
            nn.Conv2d(8, 4, 1), nn.ConvTranspose2d(4, 4, 2, stride: 2), nn.Conv2d(4, Keypoints.Count, 3, padding: 1), nn.MaxPool2d(3, 2, 1));
        RegisterComponents();
    }

    public KeypointSchema Keypoints => KeypointSchemas.Mpii16;

    public ImageSize InputSize { get; } = new(64, 48);

    public ImageSize HeatmapSize { get; } = new(16, 12);

    public override Tensor forward(Tensor input) => body.call(input);

    public PoseOutput Predict(Tensor images) => new([[call(images)]]);

    public IPoseDecoder CreateDecoder(PoseInput input) => new SimpleBaselineHeatmapDecoder { Peak = input.HeatmapPeak };
}
