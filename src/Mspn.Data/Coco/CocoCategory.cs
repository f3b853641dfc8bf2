namespace Mspn.Data;

/// <summary>One category of a COCO file.</summary>
public sealed record CocoCategory
{
    /// <summary>The category's id.</summary>
    public required long Id { get; init; }

    /// <summary>Its name; null where the file does not say.</summary>
    public string? Name { get; init; }

    /// <summary>Names of its keypoints, in order; empty where it has none.</summary>
    public IReadOnlyList<string> Keypoints { get; init; } = [];

    /// <summary>Pairs of keypoints joined by a line, counted from <b>1</b> as in the file.</summary>
    public IReadOnlyList<(int A, int B)> Skeleton { get; init; } = [];

    /// <summary>OKS sigmas. COCO does not have them in its files; a <c>sigmas</c> list beside <c>keypoints</c> is read. Default: none.</summary>
    public IReadOnlyList<double> Sigmas { get; init; } = [];

    /// <summary>Name and id.</summary>
    public override string ToString() => $"{Name ?? "unnamed"} (id {Id})";
}
