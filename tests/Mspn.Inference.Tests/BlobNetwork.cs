using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Inference.Tests;

/// <summary>A caller's own network: every heat map is the brightness of the crop, so it finds a bright spot.</summary>
internal sealed class BlobNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
{
    private readonly Parameter gain;

    public BlobNetwork()
        : base(nameof(BlobNetwork))
    {
        gain = new Parameter(tensor(50f));
        RegisterComponents();
    }

    public KeypointSchema Keypoints => KeypointSchemas.Coco17;

    public ImageSize InputSize { get; } = new(128, 96);

    public ImageSize HeatmapSize { get; } = new(32, 24);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Black is about −2 after normalisation.
        var bright = nn.functional.avg_pool2d((input.mean([1], keepdim: true) + 2).relu(), 4);
        return (bright * gain).repeat(1, Keypoints.Count, 1, 1).MoveToOuterDisposeScope();
    }

    public PoseOutput Predict(Tensor images) => new([[call(images)]]);
}
