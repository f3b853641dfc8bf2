using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>People annotated in COCO's keypoint format. Images are read when they are asked for.</summary>
/// <remarks>
/// Crowd annotations and people without labelled keypoints cannot be trained on or scored; they are left out, counted in
/// <see cref="SkippedCrowds"/> and <see cref="SkippedUnlabelled"/>, and reported to the logger. Their boxes are the <see cref="PoseSample.Ignored"/>
/// of the other people in the same image. What the file must be like is said at <see cref="CocoKeypointFile"/>; here every image needs its
/// <c>file_name</c>, everybody but crowds as many keypoints as the schema has, labelled or not, and everybody who is used a box that has an area and is not
/// outside of the image.
/// </remarks>
public sealed class CocoKeypointDataset : IPoseDataset
{
    private readonly List<PoseSample> _samples = [];
    private readonly CocoImageFiles _images;

    private CocoKeypointDataset(CocoKeypointFile file, KeypointSchema? schema, CocoImageFiles images, CocoReport report)
    {
        AnnotationPath = file.SourceName;
        Schema = file.Schema(schema);
        Report = report;
        _images = images;
        Fill(file);
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

    /// <summary>What was left out because it cannot be used; empty unless the reading was tolerant.</summary>
    public CocoReport Report { get; }

    /// <summary>Reads an annotation file.</summary>
    /// <param name="annotations">The JSON file.</param>
    /// <param name="images">The folder that its file names are relative to.</param>
    /// <param name="schema">The keypoints; null takes them from the file's own category.</param>
    /// <param name="options">Strict or tolerant, and which category; default strict and the only one with keypoints.</param>
    /// <param name="codec">What decodes images; default <see cref="SkiaImageCodec"/>.</param>
    /// <param name="logger">Told how many annotations were left out.</param>
    /// <param name="progress">Told the part of the file that was read, from 0 to 1.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PoseDataException">
    /// The file or folder is missing, the JSON is damaged, an annotation does not fit (its id and field are named), or nobody is left.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static CocoKeypointDataset Load(
        string annotations, string images, KeypointSchema? schema = null, CocoReadOptions? options = null, IImageCodec? codec = null,
        ILogger? logger = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotations);
        ArgumentException.ThrowIfNullOrEmpty(images);
        options ??= new CocoReadOptions();
        var file = CocoKeypointFile.Load(annotations, options, logger: null, progress, cancellation);
        if (!file.HasAnnotations)
        {
            throw new PoseDataException(annotations, "this is not a COCO keypoint file: 'annotations' is missing.");
        }
        var report = new CocoReport(annotations, options.Tolerant);
        report.Include(file.Report);
        var dataset = new CocoKeypointDataset(file, schema, new CocoImageFiles(file, images, codec, report), report);
        if (dataset.Count == 0)
        {
            throw new PoseDataException(
                annotations,
                $"there is nobody to use: {file.People.Count} annotations, of which {dataset.SkippedCrowds} are crowds and "
                + $"{dataset.SkippedUnlabelled} have no labelled keypoint; {report.Problems.Count} could not be used.");
        }
        logger?.LogInformation(
            "{File}: {Count} people; left out {Crowds} crowds and {Unlabelled} without labelled keypoints.",
            annotations, dataset.Count, dataset.SkippedCrowds, dataset.SkippedUnlabelled);
        report.Log(logger);
        return dataset;
    }

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => _images.Load(_samples[index]);

    private void Fill(CocoKeypointFile file)
    {
        var ignored = new Dictionary<long, List<Box>>();
        foreach (var person in file.KeypointPeople())
        {
            if (person.IsCrowd)
            {
                SkippedCrowds++;
                Ignore(person, ignored);
            }
            else if (Problem(person, file.FindImage(person.ImageId)!) is { } problem)
            {
                Report.Add(problem);
            }
            else if (person.Keypoints.Any(k => k.IsLabelled))
            {
                _samples.Add(ToSample(person, file.FindImage(person.ImageId)!));
            }
            else
            {
                SkippedUnlabelled++;
                Ignore(person, ignored);
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

    private static void Ignore(CocoPerson person, Dictionary<long, List<Box>> ignored)
    {
        if (!person.Box.IsValid)
        {
            return;
        }
        if (!ignored.TryGetValue(person.ImageId, out var boxes))
        {
            ignored.Add(person.ImageId, boxes = []);
        }
        boxes.Add(person.Box);
    }

    private CocoProblem? Problem(CocoPerson person, CocoImageInfo image)
    {
        if (person.Keypoints.Count != Schema.Count)
        {
            return Of(person, CocoFault.KeypointCount, "keypoints", CocoValues.WrongCount(person.Keypoints.Count, Schema.Name, Schema.Count));
        }
        if (!person.Keypoints.Any(k => k.IsLabelled))
        {
            return null;
        }
        if (_images.PathOf(image) is null)
        {
            return Of(person, CocoFault.UnknownImage, "image_id", $"belongs to image {image.Id}, which has no file_name");
        }
        if (!person.Box.IsValid)
        {
            return Of(person, CocoFault.Box, "bbox", CocoValues.NoUsableBox(person.Box));
        }
        return image.Size is { } size && !person.Box.Overlaps(size)
            ? Of(person, CocoFault.BoxOutsideImage, "bbox", CocoValues.OutsideImage(person.Box, image))
            : null;
    }

    private static CocoProblem Of(CocoPerson person, CocoFault fault, string field, string problem) =>
        new(fault, $"annotation {person.Id}", person.Id, field, problem);

    private PoseSample ToSample(CocoPerson person, CocoImageInfo image) => new()
    {
        Id = person.Id,
        ImageId = person.ImageId,
        ImageName = _images.PathOf(image)!,
        Box = person.Box,
        Keypoints = person.Keypoints,
        ImageSize = image.Size,
        Area = person.Area,
    };
}
