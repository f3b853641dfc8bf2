using Mspn.Core;

namespace Mspn.Data;

/// <summary>What a <see cref="SyntheticPeopleDataset"/> contains. Probabilities are from 0 to 1, angles in degrees.</summary>
/// <remarks>Immutable and safe to share between threads; checked by the data set's constructor.</remarks>
public sealed record SyntheticPeopleOptions
{
    // Smaller people could vanish between the pixels at the image's edge.
    private const int MinPixels = 12;

    /// <summary>Number of images, at least 1, and with one figure per image also of people. Default: 1000. A larger count keeps the
    /// images of a smaller one and adds to them.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>What all randomness comes from. Default: 0. Another seed gives other people throughout, which makes a held-out set.</summary>
    public long Seed { get; init; }

    /// <summary>Size of every image, 32 to 4096 pixels each way. Default: 192×160 (height × width).</summary>
    public ImageSize ImageSize { get; init; } = new(192, 160);

    /// <summary>Fewest people in an image, at least 1. Default: 1.</summary>
    public int MinFiguresPerImage { get; init; } = 1;

    /// <summary>Most people in an image, up to 16; the number is uniform in between. Default: 1. People side by side are drawn smaller,
    /// may overlap, and are one sample each.</summary>
    public int MaxFiguresPerImage { get; init; } = 1;

    /// <summary>Smallest height of a person who stands upright and alone, relative to the image's, at least 0.05 and at least 12
    /// pixels also among <see cref="MaxFiguresPerImage"/>. Default: 0.6.</summary>
    public double MinFigureHeight { get; init; } = 0.6;

    /// <summary>Largest such height, up to 1. Default: 0.92. Who would not fit is drawn smaller.</summary>
    public double MaxFigureHeight { get; init; } = 0.92;

    /// <summary>How far people turn away from the camera, either way, 0 (all face it) to 180. Default: 180. Small turns are commoner than
    /// large ones: about 40 % of people turn by less than a quarter of this.</summary>
    public double MaxTurn { get; init; } = 180;

    /// <summary>How far people lean in the image plane, either way, 0 to 180; small angles are commoner. Default: 25.</summary>
    public double MaxRotation { get; init; } = 25;

    /// <summary>Probability that something opaque is drawn over part of a person. Default: 0.18.</summary>
    public double OcclusionProbability { get; init; } = 0.18;

    /// <summary>Probability that the image's edge cuts a person off; at least 60 % of the body's points stay inside. Default: 0.1.</summary>
    public double TruncationProbability { get; init; } = 0.1;

    /// <summary>Probability that the background is cluttered with shapes, some of them like limbs. Default: 0.5.</summary>
    public double ClutterProbability { get; init; } = 0.5;

    /// <summary>Largest standard deviation of the pixel noise, 0 to 64 grey levels of 255; each image has its own. Default: 8.</summary>
    public double MaxNoise { get; init; } = 8;

    /// <summary>Largest change of contrast (relative) and of brightness (relative to the full range), 0 to 0.5. Default: 0.15.</summary>
    public double MaxBrightnessChange { get; init; } = 0.15;

    internal SyntheticPeopleOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        InRange(ImageSize.Height, 32, 4096, nameof(ImageSize));
        InRange(ImageSize.Width, 32, 4096, nameof(ImageSize));
        InRange(MinFiguresPerImage, 1, 16, nameof(MinFiguresPerImage));
        InRange(MaxFiguresPerImage, MinFiguresPerImage, 16, nameof(MaxFiguresPerImage));
        InRange(MinFigureHeight, 0.05, 1, nameof(MinFigureHeight));
        InRange(MaxFigureHeight, MinFigureHeight, 1, nameof(MaxFigureHeight));
        InRange(MaxTurn, 0, 180, nameof(MaxTurn));
        InRange(MaxRotation, 0, 180, nameof(MaxRotation));
        InRange(OcclusionProbability, 0, 1, nameof(OcclusionProbability));
        InRange(TruncationProbability, 0, 1, nameof(TruncationProbability));
        InRange(ClutterProbability, 0, 1, nameof(ClutterProbability));
        InRange(MaxNoise, 0, 64, nameof(MaxNoise));
        InRange(MaxBrightnessChange, 0, 0.5, nameof(MaxBrightnessChange));
        if (MinFigureHeight * ImageSize.Height * FigurePlacement.CrowdFactor(MaxFiguresPerImage) < MinPixels)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MinFigureHeight), MinFigureHeight,
                $"In images of {ImageSize} with up to {MaxFiguresPerImage} people some would be smaller than {MinPixels} pixels.");
        }
        return (long)Count * MaxFiguresPerImage <= int.MaxValue
            ? this : throw new ArgumentOutOfRangeException(nameof(Count), Count, "That many images could hold more people than can be counted.");
    }

    private static void InRange(double value, double low, double high, string name)
    {
        // Written so that NaN fails.
        if (!(value >= low && value <= high))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {low} to {high}.");
        }
    }
}
