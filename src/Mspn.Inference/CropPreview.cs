using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Pictures of what a network sees and is trained against: augmented crops with their keypoints, and target maps laid over them.</summary>
public static class CropPreview
{
    private const int Channels = 3;

    /// <summary>Encodes a person as the loader does and draws the result.</summary>
    /// <param name="encoder">How crops and targets are made.</param>
    /// <param name="sample">The person.</param>
    /// <param name="image">The person's image.</param>
    /// <param name="random">Where augmentation takes its numbers from.</param>
    /// <returns>
    /// The crop with the keypoints that are left in it, then the crop under each level of heat maps (the largest value of all keypoints, bright where it is
    /// high), the widest kernel first. New images; small crops are enlarged.
    /// </returns>
    /// <exception cref="PoseDataException">The annotation does not fit the schema or its box lies outside the image.</exception>
    public static IReadOnlyList<RgbImage> Draw(CropEncoder encoder, PoseSample sample, RgbImage image, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var schema = encoder.Schema;
        var values = new float[encoder.ImageLength];
        var targets = new float[encoder.TargetLength];
        var visibility = new float[schema.Count];
        var keypoints = encoder.Encode(sample, image, random, values, targets, visibility, new float[encoder.PartsLength]);
        var crop = Restore(values, encoder.InputSize, encoder.Input.Normalization);
        var pose = new Pose(
            schema,
            [.. keypoints.Select(k => k.IsLabelled ? new KeypointPrediction(k.X, k.Y, k.Visibility) : KeypointPrediction.Missing)],
            Box.Whole(encoder.InputSize));
        var options = new PoseRendererOptions { Boxes = false, Labels = false };
        var level = schema.Count * encoder.HeatmapSize.Height * encoder.HeatmapSize.Width;
        return
        [
            PoseRenderer.Draw(crop, pose, options),
            .. targets.Chunk(level).Select(maps => PoseRenderer.Draw(Overlay(crop, maps, encoder.HeatmapSize), [], options)),
        ];
    }

    private static RgbImage Restore(float[] values, ImageSize size, ImageNormalization normalization)
    {
        var image = new RgbImage(size.Height, size.Width);
        var area = size.Height * size.Width;
        for (var c = 0; c < Channels; c++)
        {
            var target = normalization.Order == ChannelOrder.Rgb ? c : Channels - 1 - c;
            for (var i = 0; i < area; i++)
            {
                image.Pixels[i * Channels + target] = ToByte((values[c * area + i] * normalization.Std[c] + normalization.Mean[c]) * byte.MaxValue);
            }
        }
        return image;
    }

    // Where maps are high the crop turns yellow, elsewhere it is dimmed.
    private static RgbImage Overlay(RgbImage crop, float[] maps, ImageSize size)
    {
        const double dimmed = 0.45;
        var area = size.Height * size.Width;
        var peak = Math.Max(maps.Max(), float.Epsilon);
        var result = crop.Clone();
        for (var y = 0; y < crop.Height; y++)
        {
            for (var x = 0; x < crop.Width; x++)
            {
                var cell = y * size.Height / crop.Height * size.Width + x * size.Width / crop.Width;
                var highest = 0f;
                for (var map = cell; map < maps.Length; map += area)
                {
                    highest = Math.Max(highest, maps[map]);
                }
                var share = highest / peak;
                var pixel = (y * crop.Width + x) * Channels;
                for (var c = 0; c < Channels; c++)
                {
                    var bright = c == Channels - 1 ? 0 : byte.MaxValue;
                    result.Pixels[pixel + c] = ToByte(crop.Pixels[pixel + c] * dimmed * (1 - share) + bright * share);
                }
            }
        }
        return result;
    }

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), byte.MinValue, byte.MaxValue);
}
