using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>People annotated in COCO's keypoint format. Images are read when they are asked for.</summary>
/// <remarks>
/// Crowd annotations and people without labelled keypoints cannot be trained on or scored; they are left out, counted in
/// <see cref="SkippedCrowds"/> and <see cref="SkippedUnlabelled"/>, and reported to the logger.
/// </remarks>
public sealed class CocoKeypointDataset : IPoseDataset
{
    private readonly List<PoseSample> _samples = [];
    private readonly IImageCodec? _codec;

    private CocoKeypointDataset(string path, KeypointSchema schema, IImageCodec? codec)
    {
        AnnotationPath = path;
        Schema = schema;
        _codec = codec;
    }

    /// <summary>The annotation file.</summary>
    public string AnnotationPath { get; }

    /// <inheritdoc />
    public KeypointSchema Schema { get; }

    /// <inheritdoc />
    public int Count => _samples.Count;

    /// <inheritdoc />
    public PoseSample this[int index] => _samples[index];

    /// <summary>Crowd annotations that were left out.</summary>
    public int SkippedCrowds { get; private set; }

    /// <summary>People without any labelled keypoint that were left out.</summary>
    public int SkippedUnlabelled { get; private set; }

    /// <summary>Reads an annotation file.</summary>
    /// <param name="annotations">The JSON file.</param>
    /// <param name="images">The folder that its file names are relative to.</param>
    /// <param name="schema">The keypoints; null takes them from the file's own category.</param>
    /// <param name="codec">What decodes images; default <see cref="SkiaImageCodec"/>.</param>
    /// <param name="logger">Told how many annotations were left out.</param>
    /// <exception cref="PoseDataException">
    /// The file or folder is missing, the JSON is damaged, an annotation does not fit (its id is named), or nobody is left.
    /// </exception>
    public static CocoKeypointDataset Load(
        string annotations, string images, KeypointSchema? schema = null, IImageCodec? codec = null, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotations);
        ArgumentException.ThrowIfNullOrEmpty(images);
        var file = Read(annotations);
        if (!Directory.Exists(images))
        {
            throw new PoseDataException(images, "the image folder does not exist.");
        }
        var dataset = new CocoKeypointDataset(annotations, CocoCategories.Choose(annotations, file.Categories, schema), codec);
        dataset.Fill(file, images);
        if (dataset.Count == 0)
        {
            throw new PoseDataException(
                annotations,
                $"there is nobody to use: {file.Annotations!.Count} annotations, of which {dataset.SkippedCrowds} are crowds and "
                + $"{dataset.SkippedUnlabelled} have no labelled keypoint.");
        }
        logger?.LogInformation(
            "{File}: {Count} people; left out {Crowds} crowds and {Unlabelled} without labelled keypoints.",
            annotations, dataset.Count, dataset.SkippedCrowds, dataset.SkippedUnlabelled);
        return dataset;
    }

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => RgbImage.Load(_samples[index].ImageName, _codec);

    private void Fill(CocoFile file, string images)
    {
        var byId = new Dictionary<long, CocoImage>();
        foreach (var image in file.Images!)
        {
            if (image.FileName is null)
            {
                throw new PoseDataException(AnnotationPath, $"image {image.Id} has no file_name.");
            }
            if (!byId.TryAdd(image.Id, image))
            {
                throw new PoseDataException(AnnotationPath, $"image id {image.Id} appears twice.");
            }
        }
        var seen = new HashSet<long>();
        foreach (var annotation in file.Annotations!)
        {
            if (!seen.Add(annotation.Id))
            {
                throw new PoseDataException(AnnotationPath, $"annotation id {annotation.Id} appears twice.");
            }
            if (!byId.TryGetValue(annotation.ImageId, out var image))
            {
                throw new PoseDataException(AnnotationPath, $"annotation {annotation.Id} belongs to image {annotation.ImageId}, which is not listed.");
            }
            if (annotation.IsCrowd != 0)
            {
                SkippedCrowds++;
                continue;
            }
            var sample = ToSample(annotation, image, images);
            if (sample.Keypoints.Any(k => k.IsLabelled))
            {
                _samples.Add(sample);
            }
            else
            {
                SkippedUnlabelled++;
            }
        }
    }

    private PoseSample ToSample(CocoAnnotation annotation, CocoImage image, string images)
    {
        var numbers = annotation.Keypoints ?? [];
        if (numbers.Count != 3 * Schema.Count)
        {
            throw new PoseDataException(
                AnnotationPath,
                $"annotation {annotation.Id} has {numbers.Count} keypoint numbers, but {Schema.Name} needs {3 * Schema.Count} (x, y, v for each of {Schema.Count}).");
        }
        var keypoints = new Keypoint[Schema.Count];
        for (var k = 0; k < keypoints.Length; k++)
        {
            keypoints[k] = new Keypoint(numbers[3 * k], numbers[3 * k + 1], (float)numbers[3 * k + 2]);
            if (keypoints[k].Visibility is not (0 or 1 or 2))
            {
                throw new PoseDataException(
                    AnnotationPath, $"annotation {annotation.Id} gives {Schema.Keypoints[k]} the visibility {numbers[3 * k + 2]}; only 0, 1 and 2 exist.");
            }
        }
        var labelled = keypoints.Any(k => k.IsLabelled);
        var box = annotation.Box is [var x, var y, var w, var h] ? new Box(x, y, w, h) : default;
        if (labelled && !box.IsValid)
        {
            throw new PoseDataException(
                AnnotationPath, $"annotation {annotation.Id} has no usable bbox [x, y, width, height]: [{string.Join(", ", annotation.Box ?? [])}].");
        }
        if (labelled && image is { Width: > 0, Height: > 0 } && !box.Overlaps(new ImageSize(image.Height, image.Width)))
        {
            throw new PoseDataException(
                AnnotationPath, $"annotation {annotation.Id} has its box {box} outside its image ({image.FileName}, {image.Width} wide, {image.Height} high).");
        }
        return new PoseSample
        {
            Id = annotation.Id,
            ImageId = annotation.ImageId,
            ImageName = Path.Combine(images, image.FileName!),
            Box = box,
            Keypoints = keypoints,
            Area = annotation.Area,
        };
    }

    private static CocoFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var file = JsonSerializer.Deserialize<CocoFile>(stream);
            if (file?.Images is null || file.Annotations is null)
            {
                throw new PoseDataException(path, "this is not a COCO keypoint file: 'images' or 'annotations' is missing.");
            }
            return file;
        }
        catch (JsonException e)
        {
            throw new PoseDataException(path, $"the JSON cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(path, "annotation file", e);
        }
    }
}

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
