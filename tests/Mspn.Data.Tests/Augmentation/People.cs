using Mspn.Core;

namespace Mspn.Data.Tests.Augmentation;

/// <summary>People of four keypoints, two of them a pair.</summary>
internal static class People
{
    public static KeypointSchema Schema { get; } = new KeypointSchema
    {
        Name = "small", Keypoints = ["head", "left", "right", "foot"], FlipPairs = [(1, 2)],
    }.Validated();

    /// <summary>An augmentation that changes nothing.</summary>
    public static CropAugmentation Nothing { get; } = new()
    {
        BoxScale = 1, ExtensionX = 0, ExtensionY = 0, ScaleShrink = 1, ScaleLow = 1, ScaleHigh = 1, RotationProbability = 0,
        FlipProbability = 0, HalfBodyProbability = 0,
    };

    public static PoseSample Person(Box box, params Keypoint[] keypoints) =>
        new() { Id = 4711, ImageId = 1, ImageName = "photos/somebody.jpg", Box = box, Keypoints = keypoints };

    public static PoseSample Typical { get; } = Person(
        new Box(20, 10, 30, 40), new Keypoint(35, 12, 2), new Keypoint(45, 30, 2), new Keypoint(25, 30, 1), new Keypoint(0, 0, 0));

    public static CropEncoder Encoder(CropAugmentation? augmentation = null, KeypointSchema? schema = null) => new(
        schema ?? Schema, new ImageSize(64, 48), new ImageSize(16, 12), new PoseInput { BoxScaleX = 1, BoxScaleY = 1 },
        new CoarseToFineHeatmapTarget(), augmentation);

    public static Encoded Encode(this CropEncoder encoder, PoseSample sample, RgbImage image, long seed = 1)
    {
        var (pixels, targets, visibility) = (new float[encoder.ImageLength], new float[encoder.TargetLength], new float[encoder.Schema.Count]);
        var keypoints = encoder.Encode(sample, image, new SampleRandom(seed), pixels, targets, visibility);
        return new Encoded(keypoints, pixels, targets, visibility);
    }

    public static RgbImage Mirrored(RgbImage image)
    {
        var mirror = image.Clone();
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                image.Pixels.AsSpan((y * image.Width + x) * 3, 3).CopyTo(mirror.Pixels.AsSpan((y * image.Width + image.Width - 1 - x) * 3));
            }
        }
        return mirror;
    }
}

internal sealed record Encoded(Keypoint[] Keypoints, float[] Pixels, float[] Targets, float[] Visibility);
