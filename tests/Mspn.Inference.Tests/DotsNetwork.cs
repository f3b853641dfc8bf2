using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Inference.Tests;

/// <summary>
/// A bottom-up network that is right by construction: keypoints are red, green and blue dots, people are upright columns of them. Its maps are an
/// eighth of the image.
/// </summary>
internal sealed class DotsNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
{
    private const int Stride = 8;
    private readonly LimbLayout _layout;
    private readonly Parameter gain;

    public DotsNetwork()
        : base(nameof(DotsNetwork))
    {
        Keypoints = new KeypointSchema { Name = "column", Keypoints = ["red", "green", "blue"], Skeleton = [(0, 1), (1, 2)] }.Validated();
        _layout = LimbLayout.FromSkeleton(Keypoints);
        Extras = [PoseExtra.OfAffinityFields(_layout)];
        gain = new Parameter(tensor(1f));
        RegisterComponents();
    }

    public static ImageNormalization Normalization { get; } = new() { Order = ChannelOrder.Rgb, Mean = [0, 0, 0], Std = [1, 1, 1] };

    public KeypointSchema Keypoints { get; }

    public IReadOnlyList<PoseExtra> Extras { get; }

    public ImageSize InputSize { get; } = new(64, 64);

    public ImageSize HeatmapSize { get; } = new(64 / Stride, 64 / Stride);

    /// <summary>Sizes of the images that it was given.</summary>
    public List<ImageSize> Seen { get; } = [];

    public IPoseDecoder CreateDecoder(PoseInput input) => new PartAffinityDecoder(_layout, new PartAffinityOptions { MinimumParts = 2 });

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (nn.functional.avg_pool2d(input, Stride) * gain).MoveToOuterDisposeScope();
    }

    public PoseOutput Predict(Tensor images)
    {
        lock (Seen)
        {
            Seen.Add(new ImageSize((int)images.shape[2], (int)images.shape[3]));
        }
        using var scope = NewDisposeScope();
        var maps = call(images);
        // All limbs run straight down, everywhere.
        var none = zeros_like(maps.narrow(1, 0, 1));
        var down = ones_like(none);
        return new PoseOutput(
            [[maps]], new Dictionary<string, IReadOnlyList<Tensor>> { [PoseExtra.AffinityFields] = [cat([none, down, none, down], 1)] })
            .MoveToOuterDisposeScope();
    }
}
