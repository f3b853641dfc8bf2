using System.Text.Json.Serialization;

namespace Mspn.Data;

/// <summary>What is read of a COCO keypoint file.</summary>
internal sealed record CocoFile
{
    [JsonPropertyName("images")]
    public List<CocoImage>? Images { get; init; }

    [JsonPropertyName("annotations")]
    public List<CocoAnnotation>? Annotations { get; init; }

    [JsonPropertyName("categories")]
    public List<CocoCategory>? Categories { get; init; }
}

internal sealed record CocoImage
{
    [JsonPropertyName("id"), JsonRequired]
    public long Id { get; init; }

    [JsonPropertyName("file_name")]
    public string? FileName { get; init; }

    [JsonPropertyName("width")]
    public int Width { get; init; }

    [JsonPropertyName("height")]
    public int Height { get; init; }
}

internal sealed record CocoAnnotation
{
    [JsonPropertyName("id"), JsonRequired]
    public long Id { get; init; }

    [JsonPropertyName("image_id"), JsonRequired]
    public long ImageId { get; init; }

    [JsonPropertyName("keypoints")]
    public List<double>? Keypoints { get; init; }

    [JsonPropertyName("bbox")]
    public List<double>? Box { get; init; }

    [JsonPropertyName("area")]
    public double Area { get; init; }

    [JsonPropertyName("iscrowd")]
    public int IsCrowd { get; init; }
}

internal sealed record CocoCategory
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("keypoints")]
    public List<string>? Keypoints { get; init; }

    [JsonPropertyName("skeleton")]
    public List<List<int>>? Skeleton { get; init; }
}
