using Mspn.Core;

namespace Mspn.Data;

/// <summary>Turns one annotated person into what a network reads and is trained against. Immutable and thread-safe.</summary>
public sealed class CropEncoder
{
    private readonly float[][] _normalized;
    private readonly int[] _channel;

    /// <summary>Creates the encoder.</summary>
    /// <param name="schema">The keypoints.</param>
    /// <param name="inputSize">Size of the crops.</param>
    /// <param name="heatmapSize">Size of the target maps.</param>
    /// <param name="input">Normalisation, and the box scale of evaluation crops.</param>
    /// <param name="target">How targets are drawn.</param>
    /// <param name="augmentation">How training crops vary; null for evaluation crops.</param>
    public CropEncoder(
        KeypointSchema schema, ImageSize inputSize, ImageSize heatmapSize, PoseInput input, CoarseToFineHeatmapTarget target,
        CropAugmentation? augmentation = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        Schema = schema;
        InputSize = inputSize;
        HeatmapSize = heatmapSize;
        Input = input;
        Target = target;
        Augmentation = augmentation?.Validated();
        (_normalized, _channel) = NormalizationTable.Build(input.Normalization);
    }

    /// <summary>The keypoints.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>Size of the crops.</summary>
    public ImageSize InputSize { get; }

    /// <summary>Size of the target maps.</summary>
    public ImageSize HeatmapSize { get; }

    /// <summary>Normalisation, and the box scale of evaluation crops.</summary>
    public PoseInput Input { get; }

    /// <summary>How targets are drawn.</summary>
    public CoarseToFineHeatmapTarget Target { get; }

    /// <summary>How training crops vary, or null.</summary>
    public CropAugmentation? Augmentation { get; }

    /// <summary>Numbers in one crop.</summary>
    public int ImageLength => 3 * InputSize.Height * InputSize.Width;

    /// <summary>Numbers in one person's targets.</summary>
    public int TargetLength => Target.Kernels.Count * Schema.Count * HeatmapSize.Height * HeatmapSize.Width;

    /// <summary>Encodes a person.</summary>
    /// <param name="sample">The annotation.</param>
    /// <param name="image">The image it belongs to.</param>
    /// <param name="random">Random numbers for augmentation; unused for evaluation crops.</param>
    /// <param name="pixels">Receives the normalised crop, <c>[3, H, W]</c>.</param>
    /// <param name="targets">Receives the heat maps, <c>[L, K, h, w]</c>; empty to leave them out.</param>
    /// <param name="visibility">Receives each keypoint's visibility, 0 for one that fell outside the crop, <c>[K]</c>.</param>
    /// <returns>The keypoints in crop pixels.</returns>
    /// <exception cref="PoseDataException">The annotation does not fit the schema or its box lies outside the image.</exception>
    public Keypoint[] Encode(
        PoseSample sample, RgbImage image, IRandomSource random, Span<float> pixels, Span<float> targets, Span<float> visibility)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(image);
        Check(sample, image);
        var plan = Augmentation is null
            ? new CropPlan(CropSampler.ForEvaluation(sample.Box, Input, InputSize), Mirrored: false)
            : CropSampler.ForTraining(sample, image.Size, Schema, InputSize, Augmentation, random);
        var toCrop = AffineTransform.ToCrop(plan.Region, InputSize);
        Crop(image, toCrop, plan.Mirrored, pixels);

        var keypoints = plan.Mirrored ? CropSampler.Mirror(sample.Keypoints, Schema, image.Width) : sample.Keypoints;
        var moved = new Keypoint[keypoints.Count];
        for (var k = 0; k < moved.Length; k++)
        {
            moved[k] = keypoints[k].IsLabelled ? Move(keypoints[k], toCrop) : keypoints[k];
            visibility[k] = moved[k].Visibility;
        }
        if (!targets.IsEmpty)
        {
            Target.Encode(moved, InputSize, HeatmapSize, targets);
        }
        return moved;
    }

    /// <summary>Cuts and normalises one crop.</summary>
    /// <param name="image">The image.</param>
    /// <param name="toCrop">From (mirrored) image to crop.</param>
    /// <param name="mirrored">Whether the image is read from right to left.</param>
    /// <param name="pixels">Receives <c>[3, H, W]</c>.</param>
    public void Crop(RgbImage image, AffineTransform toCrop, bool mirrored, Span<float> pixels)
    {
        var area = InputSize.Height * InputSize.Width;
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(area * 3);
        try
        {
            var bytes = buffer.AsSpan(0, area * 3);
            FixedPointWarp.Warp(image, toCrop, InputSize, bytes, mirrored);
            for (var c = 0; c < 3; c++)
            {
                var table = _normalized[c];
                var plane = pixels.Slice(c * area, area);
                for (int i = 0, b = _channel[c]; i < plane.Length; i++, b += 3)
                {
                    plane[i] = table[bytes[b]];
                }
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Keypoint Move(Keypoint keypoint, AffineTransform toCrop)
    {
        var (x, y) = toCrop.Apply(keypoint.X, keypoint.Y);
        var inside = x >= 0 && y >= 0 && x <= InputSize.Width - 1 && y <= InputSize.Height - 1;
        return new Keypoint(x, y, inside ? keypoint.Visibility : 0);
    }

    private void Check(PoseSample sample, RgbImage image)
    {
        if (sample.Keypoints.Count != Schema.Count)
        {
            throw new PoseDataException(
                sample.ImageName, $"annotation {sample.Id} has {sample.Keypoints.Count} keypoints, but {Schema.Name} has {Schema.Count}.");
        }
        sample.CheckBox(image.Size);
    }
}
