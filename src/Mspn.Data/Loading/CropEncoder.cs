using Mspn.Core;

namespace Mspn.Data;

/// <summary>Turns one annotated person into what a network reads and is trained against. Immutable and thread-safe.</summary>
public sealed class CropEncoder
{
    private readonly CropReader _reader;

    /// <summary>Creates the encoder.</summary>
    /// <param name="schema">The keypoints.</param>
    /// <param name="inputSize">Size of the crops.</param>
    /// <param name="heatmapSize">Size of the target maps.</param>
    /// <param name="input">Normalisation, and the box scale of evaluation crops.</param>
    /// <param name="target">How targets are drawn.</param>
    /// <param name="augmentation">How training crops vary; null for evaluation crops.</param>
    /// <exception cref="ArgumentException">A size is not positive, or one of the others has values that do not fit; the message says which.</exception>
    public CropEncoder(
        KeypointSchema schema, ImageSize inputSize, ImageSize heatmapSize, PoseInput input, IPoseTarget target,
        ICropAugmentation? augmentation = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(heatmapSize.Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heatmapSize.Width, 1);
        Schema = schema.Validated();
        InputSize = inputSize;
        HeatmapSize = heatmapSize;
        Input = input.Validated();
        Target = target;
        Augmentation = augmentation?.Validated();
        Parts = target.Parts(schema);
        _reader = new CropReader(inputSize, input.Normalization);
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
    public IPoseTarget Target { get; }

    /// <summary>What the target has beside heat maps.</summary>
    public IReadOnlyList<TargetPart> Parts { get; }

    /// <summary>How training crops vary, or null.</summary>
    public ICropAugmentation? Augmentation { get; }

    /// <summary>Numbers in one crop.</summary>
    public int ImageLength => _reader.Length;

    /// <summary>Numbers in one crop's target heat maps.</summary>
    public int TargetLength => Target.Levels * Schema.Count * HeatmapSize.Height * HeatmapSize.Width;

    /// <summary>Numbers in one crop's further target maps.</summary>
    public int PartsLength => Parts.Sum(part => part.Channels) * HeatmapSize.Height * HeatmapSize.Width;

    /// <summary>Encodes a sample.</summary>
    /// <param name="sample">The annotation.</param>
    /// <param name="image">The image it belongs to.</param>
    /// <param name="random">Random numbers for augmentation; unused for evaluation crops.</param>
    /// <param name="pixels">Receives the normalised crop, <c>[3, H, W]</c>.</param>
    /// <param name="targets">Receives the heat maps, <c>[L, K, h, w]</c>; empty to leave all targets out.</param>
    /// <param name="visibility">Receives each keypoint's visibility, 0 for one that fell outside the crop, <c>[K]</c>.</param>
    /// <param name="parts">Receives the further target maps one after another, in the order of <see cref="Parts"/>.</param>
    /// <returns>The person's keypoints in crop pixels.</returns>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="PoseDataException">The annotation does not fit the schema or its box lies outside the image.</exception>
    public Keypoint[] Encode(
        PoseSample sample, RgbImage image, IRandomSource random, Span<float> pixels, Span<float> targets, Span<float> visibility,
        Span<float> parts = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        CheckLength(visibility.Length, Schema.Count, nameof(visibility));
        if (!targets.IsEmpty)
        {
            CheckLength(targets.Length, TargetLength, nameof(targets));
            CheckLength(parts.Length, PartsLength, nameof(parts));
        }
        Check(sample, image);
        var plan = Augmentation is null
            ? new CropPlan(CropSampler.ForEvaluation(sample.Box, Input, InputSize), Mirrored: false)
            : Augmentation.Plan(sample, image.Size, Schema, InputSize, random);
        var toCrop = AffineTransform.ToCrop(plan.Region, InputSize);
        _reader.Read(image, toCrop, plan.Mirrored, pixels);

        Keypoint[][] people = [Move(sample.Keypoints), .. sample.Others.Select(Move)];
        for (var k = 0; k < Schema.Count; k++)
        {
            visibility[k] = people[0][k].Visibility;
        }
        if (!targets.IsEmpty)
        {
            var scene = new TargetScene(Schema, people, InputSize, HeatmapSize) { Ignored = [.. sample.Ignored.Select(MoveBox)] };
            Target.Encode(scene, new PoseTargetBuffer(targets, visibility, parts, Parts, HeatmapSize));
        }
        return people[0];

        Keypoint[] Move(IReadOnlyList<Keypoint> keypoints)
        {
            var seen = plan.Mirrored ? CropSampler.Mirror(keypoints, Schema, image.Width) : keypoints;
            return [.. seen.Select(k => k.IsLabelled ? ToCrop(k, toCrop) : k)];
        }

        // A box that is turned stays exactly the area it was.
        Quadrilateral MoveBox(Box box) =>
            Quadrilateral.OfBox(plan.Mirrored ? box with { X = image.Width - 1 - box.X - box.Width } : box, toCrop);
    }

    private Keypoint ToCrop(Keypoint keypoint, AffineTransform toCrop)
    {
        var (x, y) = toCrop.Apply(keypoint.X, keypoint.Y);
        var moved = keypoint with { X = x, Y = y };
        return Augmentation?.Place(moved, InputSize, HeatmapSize) ?? CropSampler.HideOutside(moved, InputSize);
    }

    private static void CheckLength(int given, int expected, string name)
    {
        if (given != expected)
        {
            throw new ArgumentException($"Expected room for {expected} numbers, given {given}.", name);
        }
    }

    private void Check(PoseSample sample, RgbImage image)
    {
        if (sample.Others.Prepend(sample.Keypoints).FirstOrDefault(k => k.Count != Schema.Count) is { } keypoints)
        {
            throw new PoseDataException(
                sample.ImageName, $"annotation {sample.Id} has {keypoints.Count} keypoints, but {Schema.Name} has {Schema.Count}.");
        }
        sample.CheckBox(image.Size);
    }
}
