namespace Mspn.Data;

/// <summary>How COCO files are read.</summary>
public sealed record CocoReadOptions
{
    /// <summary>
    /// Whether what cannot be used is left out, counted and reported (<see cref="CocoReport"/>), instead of ending the reading with an error. Default
    /// false. Damaged JSON is always an error.
    /// </summary>
    public bool Tolerant { get; init; }

    /// <summary>The name or id of the category whose keypoints are meant. Default null: the only one that lists keypoints.</summary>
    public string? Category { get; init; }
}
