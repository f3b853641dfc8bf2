using Mspn.Core;

namespace Mspn.Data;

/// <summary>Draws what a network should predict for a crop. Implementations have no changing state and are shared between threads.</summary>
public interface IPoseTarget
{
    /// <summary>Number of heat-map sets, L.</summary>
    int Levels { get; }

    /// <summary>What it draws beside heat maps, for keypoints of a schema. Default: nothing.</summary>
    IReadOnlyList<TargetPart> Parts(KeypointSchema schema) => [];

    /// <summary>Draws a crop's targets.</summary>
    /// <param name="scene">Who is in the crop, and where.</param>
    /// <param name="buffer">
    /// Receives everything. Its heat maps and parts hold any numbers at first and must be written completely; its visibilities are those of
    /// the crop's own person and may be changed.
    /// </param>
    void Encode(TargetScene scene, PoseTargetBuffer buffer);
}

/// <summary>A part of a target beside the heat maps.</summary>
/// <param name="Name">Its name in <see cref="PoseTargets.Extras"/>.</param>
/// <param name="Channels">Its maps.</param>
public sealed record TargetPart(string Name, int Channels);

/// <summary>Who is in a crop, and where.</summary>
/// <param name="Schema">The keypoints.</param>
/// <param name="People">The keypoints of everybody in crop pixels, first of them the person the crop is of.</param>
/// <param name="Crop">Size of the crop.</param>
/// <param name="Map">Size of each map.</param>
public sealed record TargetScene(KeypointSchema Schema, IReadOnlyList<Keypoint[]> People, ImageSize Crop, ImageSize Map)
{
    /// <summary>The person the crop is of.</summary>
    public Keypoint[] Person => People[0];

    /// <summary>Regions where people are not annotated, in crop pixels. Default: none.</summary>
    public IReadOnlyList<Quadrilateral> Ignored { get; init; } = [];
}

/// <summary>Where the targets of one crop go.</summary>
public readonly ref struct PoseTargetBuffer
{
    private readonly Span<float> _parts;
    private readonly IReadOnlyList<TargetPart> _layout;
    private readonly int _area;

    internal PoseTargetBuffer(Span<float> heatmaps, Span<float> visibility, Span<float> parts, IReadOnlyList<TargetPart> layout, ImageSize map)
    {
        Heatmaps = heatmaps;
        Visibility = visibility;
        _parts = parts;
        _layout = layout;
        _area = map.Height * map.Width;
    }

    /// <summary><c>[L, K, h, w]</c>.</summary>
    public Span<float> Heatmaps { get; }

    /// <summary><c>[K]</c>: COCO's flag of each keypoint, 0 where it is outside the crop.</summary>
    public Span<float> Visibility { get; }

    /// <summary>The maps of a part, <c>[C, h, w]</c>.</summary>
    /// <exception cref="ArgumentException">The target has no such part.</exception>
    public Span<float> Part(string name)
    {
        var start = 0;
        foreach (var part in _layout)
        {
            if (part.Name == name)
            {
                return _parts.Slice(start, part.Channels * _area);
            }
            start += part.Channels * _area;
        }
        throw new ArgumentException($"The target has no part '{name}'.", nameof(name));
    }
}
