using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Chooses crop regions: fixed ones for evaluation, random ones for training. Official code: <c>JointsDataset.__getitem__</c> and
/// <c>half_body_transform</c>, with the random draws in the same order.
/// </summary>
public static class CropSampler
{
    private const int FewestHalfBodyKeypoints = 3;

    /// <summary>The region for evaluation and inference: the box, scaled and fitted to the crop's aspect.</summary>
    public static CropRegion ForEvaluation(Box box, PoseInput input, ImageSize crop)
    {
        ArgumentNullException.ThrowIfNull(input);
        return ReferenceRegion.OfBox(box).Scaled(input.BoxScaleX, input.BoxScaleY).FittedTo(crop.AspectRatio).ToRegion();
    }

    /// <summary>A random region for training: <see cref="CropAugmentation.Plan"/>.</summary>
    internal static CropPlan ForTraining(
        PoseSample sample, ImageSize image, KeypointSchema schema, ImageSize crop, CropAugmentation options, IRandomSource random)
    {
        var stretchX = 1 + options.ExtensionX * (options.RandomExtension ? random.NextDouble() : 1);
        var stretchY = 1 + options.ExtensionY * (options.RandomExtension ? random.NextDouble() : 1);
        var region = ReferenceRegion.OfBox(sample.Box)
            .Scaled(options.BoxScale, options.BoxScale)
            .Scaled(stretchX, stretchY)
            .FittedTo(crop.AspectRatio);
        if (sample.Keypoints.Count(k => k.IsLabelled) > options.HalfBodyMoreThan && random.NextDouble() < options.HalfBodyProbability)
        {
            region = HalfBody(sample.Keypoints, schema, crop, options, random) ?? region;
        }
        region = region.Scaled(options.ScaleShrink * random.NextRange(options.ScaleLow, options.ScaleHigh));
        if (options.ShiftFraction > 0)
        {
            region = region.Shifted(
                random.NextRange(-options.ShiftFraction, options.ShiftFraction), random.NextRange(-options.ShiftFraction, options.ShiftFraction));
        }
        var rotation = random.NextChance(options.RotationProbability) ? random.NextRange(-options.RotationDegrees, options.RotationDegrees) : 0;
        var mirrored = random.NextChance(options.FlipProbability);
        return new CropPlan((mirrored ? region.Mirrored(image.Width) : region).ToRegion(rotation), mirrored);
    }

    /// <summary>A region around the upper or the lower body, or null if neither has enough labelled keypoints.</summary>
    /// <remarks>
    /// The official code prefers the upper body when a <em>normal</em> draw is below 0.5 (69 % of the time; a uniform one may have been
    /// meant); that is kept.
    /// </remarks>
    internal static ReferenceRegion? HalfBody(
        IReadOnlyList<Keypoint> keypoints, KeypointSchema schema, ImageSize crop, CropAugmentation options, IRandomSource random)
    {
        if (schema.UpperBody.Count == 0)
        {
            return null;
        }
        var labelled = Enumerable.Range(0, keypoints.Count).Where(i => keypoints[i].IsLabelled).ToLookup(schema.UpperBody.Contains);
        var upper = labelled[true].Select(i => keypoints[i]).ToArray();
        var lower = labelled[false].Select(i => keypoints[i]).ToArray();
        var preferUpper = random.NextGaussian() < 0.5 && upper.Length > FewestHalfBodyKeypoints;
        var chosen = !preferUpper && lower.Length > FewestHalfBodyKeypoints ? lower : upper;
        if (chosen.Length < FewestHalfBodyKeypoints)
        {
            return null;
        }
        var (left, right) = (chosen.Min(k => (float)k.X), chosen.Max(k => (float)k.X));
        var (top, bottom) = (chosen.Min(k => (float)k.Y), chosen.Max(k => (float)k.Y));
        var width = (right - left) * (1 + random.NextDouble() * options.HalfBodyExtensionX);
        var height = (bottom - top) * (1 + random.NextDouble() * options.HalfBodyExtensionY);
        return ReferenceRegion.Around((left + right) / 2, (top + bottom) / 2, width, height, crop.AspectRatio);
    }

    /// <summary>Keypoints of the mirrored image: columns run backwards, left and right swap.</summary>
    public static Keypoint[] Mirror(IReadOnlyList<Keypoint> keypoints, KeypointSchema schema, int imageWidth)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        ArgumentNullException.ThrowIfNull(schema);
        var mirrored = new Keypoint[keypoints.Count];
        for (var i = 0; i < mirrored.Length; i++)
        {
            var source = keypoints[schema.FlipPermutation[i]];
            mirrored[i] = source with { X = imageWidth - source.X - 1 };
        }
        return mirrored;
    }

    /// <summary>A keypoint of a crop, with a visibility of 0 if its position is not between the centres of the outermost pixels.</summary>
    public static Keypoint HideOutside(Keypoint keypoint, ImageSize crop) =>
        keypoint.X >= 0 && keypoint.Y >= 0 && keypoint.X <= crop.Width - 1 && keypoint.Y <= crop.Height - 1
            ? keypoint
            : keypoint with { Visibility = 0 };
}
