using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// How training crops vary in mmpose's MSPN configurations: <c>RandomFlip</c>, <c>RandomHalfBody</c>, <c>RandomBBoxTransform</c> and <c>TopdownAffine</c>
/// in that order, with mmpose's defaults and its draws in the same order (<c>mmpose/datasets/transforms</c>).
/// </summary>
/// <remarks>
/// Shift, scale and rotation are normal draws, cut off at one standard deviation, times their factors. As in mmpose, centre and size are kept in
/// single precision, and the region is fitted to the crop's aspect last. <c>PoseInput.Mmpose</c> is what goes with it.
/// </remarks>
public sealed record MmposeCropAugmentation : ICropAugmentation
{
    /// <summary>Factor on both sides of the box. Default 1.25.</summary>
    public double BoxScale { get; init; } = 1.25;

    /// <summary>Probability of a mirror image. Default 0.5.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a crop around only the upper or lower body. Default 0.3.</summary>
    public double HalfBodyProbability { get; init; } = 0.3;

    /// <summary>Half-body crops are tried only with at least this many labelled keypoints. Default 9.</summary>
    public int HalfBodyKeypoints { get; init; } = 9;

    /// <summary>Fewest labelled keypoints that make an upper body, at least 1. Default 2.</summary>
    public int UpperBodyKeypoints { get; init; } = 2;

    /// <summary>Fewest labelled keypoints that make a lower body, at least 1. Default 3.</summary>
    public int LowerBodyKeypoints { get; init; } = 3;

    /// <summary>Probability of the upper body where either could be taken. Default 0.7.</summary>
    public double UpperBodyProbability { get; init; } = 0.7;

    /// <summary>Factor on the sides of a half body. Default 1.5.</summary>
    public double HalfBodyScale { get; init; } = 1.5;

    /// <summary>Largest shift of the centre, as a fraction of the region's sides. Default 0.16.</summary>
    public double ShiftFraction { get; init; } = 0.16;

    /// <summary>Probability of a shift. Default 0.3.</summary>
    public double ShiftProbability { get; init; } = 0.3;

    /// <summary>Smallest factor on the region. Default 0.5.</summary>
    public double ScaleLow { get; init; } = 0.5;

    /// <summary>Largest factor on the region. Default 1.5.</summary>
    public double ScaleHigh { get; init; } = 1.5;

    /// <summary>Probability of a change of scale. Default 1.</summary>
    public double ScaleProbability { get; init; } = 1;

    /// <summary>Largest rotation either way, degrees. Default 80.</summary>
    public double RotationDegrees { get; init; } = 80;

    /// <summary>Probability of a rotation. Default 0.6.</summary>
    public double RotationProbability { get; init; } = 0.6;

    /// <inheritdoc cref="ICropAugmentation.Validated" />
    public MmposeCropAugmentation Validated()
    {
        Require.Probability(FlipProbability);
        Require.Probability(HalfBodyProbability);
        Require.Probability(UpperBodyProbability);
        Require.Probability(ShiftProbability);
        Require.Probability(ScaleProbability);
        Require.Probability(RotationProbability);
        Require.Positive(BoxScale);
        Require.Positive(HalfBodyScale);
        Require.Positive(ScaleLow);
        Require.Positive(ScaleHigh);
        ArgumentOutOfRangeException.ThrowIfLessThan(ScaleHigh, ScaleLow);
        Require.NotNegative(ShiftFraction);
        Require.NotNegative(RotationDegrees);
        ArgumentOutOfRangeException.ThrowIfLessThan(UpperBodyKeypoints, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LowerBodyKeypoints, 1);
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
        var region = MmposeRegion.OfBox(sample.Box, image, BoxScale);
        var mirrored = random.NextDouble() < FlipProbability;
        var keypoints = mirrored ? CropSampler.Mirror(sample.Keypoints, schema, image.Width) : sample.Keypoints;
        region = mirrored ? region.Mirrored(image.Width) : region;
        region = ChooseHalfBody(keypoints, schema, random) is { } half ? MmposeRegion.Around(half, HalfBodyScale) : region;
        return new CropPlan(Vary(region, random).ToRegion(crop.AspectRatio), mirrored);
    }

    /// <inheritdoc />
    /// <remarks>A keypoint is outside if it is in no cell of the maps; the cut towards zero lets the first cell begin one cell early.</remarks>
    public Keypoint Place(Keypoint keypoint, ImageSize crop, ImageSize map)
    {
        var (x, y) = (Math.Truncate(keypoint.X * map.Width / crop.Width), Math.Truncate(keypoint.Y * map.Height / crop.Height));
        return x >= 0 && y >= 0 && x < map.Width && y < map.Height
            ? keypoint with { X = (float)keypoint.X, Y = (float)keypoint.Y }
            : keypoint with { Visibility = 0 };
    }

    private List<Keypoint>? ChooseHalfBody(IReadOnlyList<Keypoint> keypoints, KeypointSchema schema, IRandomSource random)
    {
        if (keypoints.Count(k => k.IsLabelled) < HalfBodyKeypoints || random.NextDouble() >= HalfBodyProbability)
        {
            return null;
        }
        var (upper, lower) = (new List<Keypoint>(), new List<Keypoint>());
        for (var i = 0; i < keypoints.Count; i++)
        {
            if (keypoints[i].IsLabelled)
            {
                (IsUpper(schema, i) ? upper : lower).Add(keypoints[i]);
            }
        }
        var preferUpper = random.NextDouble() < UpperBodyProbability;
        return (upper.Count >= UpperBodyKeypoints, lower.Count >= LowerBodyKeypoints) switch
        {
            (false, false) => null,
            (true, false) => upper,
            (false, true) => lower,
            _ => preferUpper ? upper : lower,
        };
    }

    // The official code counts COCO's hips as upper body, mmpose as lower.
    private static bool IsUpper(KeypointSchema schema, int keypoint) =>
        schema.UpperBody.Contains(keypoint) && !schema.Keypoints[keypoint].Contains("hip", StringComparison.OrdinalIgnoreCase);

    private MmposeRegion Vary(MmposeRegion region, IRandomSource random)
    {
        var (shiftX, shiftY, size, turn) = (Draw(random), Draw(random), Draw(random), Draw(random));
        if (random.NextDouble() < ShiftProbability)
        {
            region = region.Shifted(shiftX * (float)ShiftFraction, shiftY * (float)ShiftFraction);
        }
        if (random.NextDouble() < ScaleProbability)
        {
            region = region.Scaled(size * (float)((ScaleHigh - ScaleLow) * 0.5) + (float)((ScaleHigh + ScaleLow) * 0.5));
        }
        return random.NextDouble() < RotationProbability ? region with { RotationDegrees = turn * (float)RotationDegrees } : region;
    }

    private static float Draw(IRandomSource random)
    {
        double value;
        do
        {
            value = random.NextGaussian();
        }
        while (Math.Abs(value) > 1);
        return (float)value;
    }
}
