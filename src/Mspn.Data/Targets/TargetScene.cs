using Mspn.Core;

namespace Mspn.Data;

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
