using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>A caller's own module, with as little of the interface as is asked for.</summary>
internal sealed class OwnNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
{
    private readonly Sequential layers;

    public OwnNetwork(KeypointSchema keypoints, ImageSize inputSize)
        : base(nameof(OwnNetwork))
    {
        Keypoints = keypoints;
        InputSize = inputSize;
        layers = nn.Sequential(
            nn.Conv2d(3, 16, 7, stride: 2, padding: 3), nn.ReLU(), nn.Conv2d(16, 32, 5, stride: 2, padding: 2), nn.ReLU(),
            nn.Conv2d(32, 32, 5, padding: 2), nn.ReLU(), nn.Conv2d(32, keypoints.Count, 1));
        RegisterComponents();
    }

    public KeypointSchema Keypoints { get; }

    public ImageSize InputSize { get; }

    public ImageSize HeatmapSize => new(InputSize.Height / 4, InputSize.Width / 4);

    public override Tensor forward(Tensor input) => layers.call(input);

    public PoseOutput Predict(Tensor images) => new([[call(images)]]);
}
