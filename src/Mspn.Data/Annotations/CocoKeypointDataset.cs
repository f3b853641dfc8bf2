using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>People annotated in COCO's keypoint format. Images are read when they are asked for.</summary>
/// <remarks>
/// Crowd annotations and people without labelled keypoints cannot be trained on or scored; they are left out, counted in
/// <see cref="SkippedCrowds"/> and <see cref="SkippedUnlabelled"/>, and reported to the logger. Their boxes are the <see cref="PoseSample.Ignored"/>
/// of the other people in the same image.
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
        var ignored = new Dictionary<long, List<Box>>();
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
                Ignore(annotation, ignored);
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
                Ignore(annotation, ignored);
            }
        }
        for (var i = 0; i < _samples.Count; i++)
        {
            if (ignored.TryGetValue(_samples[i].ImageId, out var boxes))
            {
                _samples[i] = _samples[i] with { Ignored = boxes };
            }
        }
    }

    private static void Ignore(CocoAnnotation annotation, Dictionary<long, List<Box>> ignored)
    {
        if (BoxOf(annotation) is not { IsValid: true } box)
        {
            return;
        }
        if (!ignored.TryGetValue(annotation.ImageId, out var boxes))
        {
            ignored.Add(annotation.ImageId, boxes = []);
        }
        boxes.Add(box);
    }

    private static Box BoxOf(CocoAnnotation annotation) => annotation.Box is [var x, var y, var w, var h] ? new Box(x, y, w, h) : default;

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
        var box = BoxOf(annotation);
        ImageSize? size = image is { Width: > 0, Height: > 0 } ? new ImageSize(image.Height, image.Width) : null;
        if (labelled && !box.IsValid)
        {
            throw new PoseDataException(
                AnnotationPath, $"annotation {annotation.Id} has no usable bbox [x, y, width, height]: [{string.Join(", ", annotation.Box ?? [])}].");
        }
        if (labelled && size is { } known && !box.Overlaps(known))
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
            ImageSize = size,
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
