using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// How training crops vary in the official MSPN code. The defaults are its numbers for COCO (<c>dataset/attribute.py</c>), with keypoints that are
/// not cut to whole pixels.
/// </summary>
public sealed record CropAugmentation : ICropAugmentation
{
    /// <summary>The official MSPN code's augmentation for COCO, its cut of keypoints to whole pixels included.</summary>
    public static CropAugmentation OfficialCoco { get; } = new() { WholeKeypoints = true };

    /// <summary>The official MSPN code's augmentation for MPII.</summary>
    public static CropAugmentation OfficialMpii { get; } = new()
    {
        BoxScale = 1,
        RandomExtension = false,
        ExtensionX = 0.25,
        ExtensionY = 0.25,
        ScaleShrink = 1,
        RotationDegrees = 60,
        HalfBodyMoreThan = 8,
        HalfBodyProbability = 0.5,
        HalfBodyExtensionY = 0.6,
    };

    /// <summary>
    /// A plain augmentation for small data sets of single people: box ×1.25, scale ±25 %, rotation ±40° with probability 0.6, flip, a shift
    /// of up to 8 % of the box. No half bodies.
    /// </summary>
    public static CropAugmentation Simple { get; } = new()
    {
        BoxScale = 1.25,
        RandomExtension = false,
        ExtensionX = 0,
        ExtensionY = 0,
        ScaleShrink = 1,
        RotationDegrees = 40,
        RotationProbability = 0.6,
        HalfBodyProbability = 0,
        ShiftFraction = 0.08,
    };

    /// <summary>mmpose's augmentation for its MSPN configurations.</summary>
    public static MmposeCropAugmentation Mmpose { get; } = new();

    /// <summary>Factor on both sides of the box. Default 1.05.</summary>
    public double BoxScale { get; init; } = 1.05;

    /// <summary>Whether the extensions are multiplied by a random number from 0 to 1 (default true) or applied in full.</summary>
    public bool RandomExtension { get; init; } = true;

    /// <summary>Largest extension of the width, as a fraction. Default 0.6.</summary>
    public double ExtensionX { get; init; } = 0.6;

    /// <summary>Largest extension of the height, as a fraction. Default 0.8.</summary>
    public double ExtensionY { get; init; } = 0.8;

    /// <summary>Factor on the region after it was fitted to the crop's aspect. Default 0.8.</summary>
    public double ScaleShrink { get; init; } = 0.8;

    /// <summary>Smallest random factor on the region. Default 0.75.</summary>
    public double ScaleLow { get; init; } = 0.75;

    /// <summary>Largest random factor on the region. Default 1.25.</summary>
    public double ScaleHigh { get; init; } = 1.25;

    /// <summary>Largest rotation either way, degrees. Default 45.</summary>
    public double RotationDegrees { get; init; } = 45;

    /// <summary>Probability of a rotation. Default 0.5.</summary>
    public double RotationProbability { get; init; } = 0.5;

    /// <summary>Probability of a mirror image. Default 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a crop around only the upper or lower body. Default 0.3.</summary>
    public double HalfBodyProbability { get; init; } = 0.3;

    /// <summary>Half-body crops are tried only with more labelled keypoints than this. Default 3.</summary>
    public int HalfBodyMoreThan { get; init; } = 3;

    /// <summary>Largest random extension of a half body's width, as a fraction. Default 0.6.</summary>
    public double HalfBodyExtensionX { get; init; } = 0.6;

    /// <summary>Largest random extension of a half body's height, as a fraction. Default 0.8.</summary>
    public double HalfBodyExtensionY { get; init; } = 0.8;

    /// <summary>Largest random shift of the region's centre, as a fraction of its sides. Default 0 (the official code has none).</summary>
    public double ShiftFraction { get; init; }

    /// <summary>
    /// Whether keypoints are cut towards zero to whole crop pixels. Default false. The official code does so with COCO's, whose file has whole numbers: its array
    /// of keypoints is one of whole numbers, so that those less than a pixel outside come to lie inside.
    /// </summary>
    public bool WholeKeypoints { get; init; }

    /// <summary>Checks the values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public CropAugmentation Validated()
    {
        Require.Probability(RotationProbability);
        Require.Probability(FlipProbability);
        Require.Probability(HalfBodyProbability);
        Require.Probability(ShiftFraction);
        Require.Positive(BoxScale);
        Require.Positive(ScaleShrink);
        Require.Positive(ScaleLow);
        Require.Positive(ScaleHigh);
        ArgumentOutOfRangeException.ThrowIfLessThan(ScaleHigh, ScaleLow);
        Require.NotNegative(ExtensionX);
        Require.NotNegative(ExtensionY);
        Require.NotNegative(HalfBodyExtensionX);
        Require.NotNegative(HalfBodyExtensionY);
        Require.NotNegative(RotationDegrees);
        return this;
    }

    /// <inheritdoc />
    ICropAugmentation ICropAugmentation.Validated() => Validated();

    /// <inheritdoc />
    public CropPlan Plan(PoseSample sample, ImageSize image, KeypointSchema schema, ImageSize crop, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(random);
        return CropSampler.ForTraining(sample, image, schema, crop, this, random);
    }

    /// <inheritdoc />
    public Keypoint Place(Keypoint keypoint, ImageSize crop, ImageSize map) => CropSampler.HideOutside(
        WholeKeypoints ? keypoint with { X = Math.Truncate(keypoint.X), Y = Math.Truncate(keypoint.Y) } : keypoint, crop);
}
