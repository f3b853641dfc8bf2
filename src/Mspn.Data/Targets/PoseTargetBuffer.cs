using Mspn.Core;

namespace Mspn.Data;

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
