using System.Globalization;
using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// People whom a detector found in the images of a COCO annotation file, for evaluation with detected boxes. Images are read when they are asked for.
/// </summary>
/// <remarks>
/// Each sample is one entry of a detection file (<see cref="CocoResults"/>), such as COCO's usual AP 56.4 person boxes. Its
/// <see cref="PoseSample.BoxScore"/> is the detector's score, its <see cref="PoseSample.Id"/> the entry's position in that file, from 0, its area the
/// box's. Nothing is known of its keypoints: all are unlabelled. Annotations are not used, so the files of COCO's test images will do.
/// </remarks>
public sealed class DetectedPeopleDataset : IPoseDataset
{
    private readonly List<PoseSample> _samples = [];
    private readonly CocoImageFiles _images;
    private readonly Keypoint[] _unlabelled;

    private DetectedPeopleDataset(CocoKeypointFile file, KeypointSchema? schema, CocoImageFiles images, string detections, double leastScore, CocoReport report)
    {
        Truth = file;
        Schema = file.Schema(schema);
        DetectionPath = detections;
        LeastScore = leastScore;
        Report = report;
        _images = images;
        _unlabelled = new Keypoint[Schema.Count];
    }

    /// <summary>The annotation file, for evaluation.</summary>
    public CocoKeypointFile Truth { get; }

    /// <summary>The detection file.</summary>
    public string DetectionPath { get; }

    /// <summary>The score that a detection needs.</summary>
    public double LeastScore { get; }

    /// <inheritdoc />
    public KeypointSchema Schema { get; }

    /// <inheritdoc />
    public int Count => _samples.Count;

    /// <inheritdoc />
    public PoseSample this[int index] => _samples[index];

    /// <summary>Detections of less than <see cref="LeastScore"/> that were left out.</summary>
    public int SkippedScores { get; private set; }

    /// <summary>Detections of other categories that were left out.</summary>
    public int SkippedCategories { get; private set; }

    /// <summary>What was left out because it cannot be used, in either file; empty unless the reading was tolerant.</summary>
    public CocoReport Report { get; }

    /// <summary>Pairs the images of an annotation file with a detection file.</summary>
    /// <param name="annotations">The annotation file; its images and categories are used.</param>
    /// <param name="detections">The detection file: <c>[{"image_id", "category_id", "bbox": [x, y, width, height], "score"}, …]</c>.</param>
    /// <param name="images">The folder that the file names are relative to.</param>
    /// <param name="leastScore">Detections with a lower score are left out. Default 0: none is, unless its score is negative.</param>
    /// <param name="schema">The keypoints; null takes them from the annotation file's own category.</param>
    /// <param name="options">
    /// Strict or tolerant, and the category of people; default strict and the only one with keypoints, or 1 (COCO's person) if none has any. A tolerant
    /// reading also leaves out detections in images that the annotation file does not list, which is what it takes to evaluate a part of a data set.
    /// </param>
    /// <param name="codec">What decodes images; default <see cref="SkiaImageCodec"/>.</param>
    /// <param name="logger">Told how many detections were left out.</param>
    /// <param name="progress">Told the part of the detection file that was read, from 0 to 1.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException"><paramref name="leastScore"/> is not a number.</exception>
    /// <exception cref="PoseDataException">
    /// A file or folder is missing or damaged, a detection does not fit (its position, image and field are named), or nobody is left.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static DetectedPeopleDataset Load(
        string annotations, string detections, string images, double leastScore = 0, KeypointSchema? schema = null, CocoReadOptions? options = null,
        IImageCodec? codec = null, ILogger? logger = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotations);
        ArgumentException.ThrowIfNullOrEmpty(detections);
        ArgumentException.ThrowIfNullOrEmpty(images);
        if (double.IsNaN(leastScore))
        {
            throw new ArgumentException("The least score is not a number.", nameof(leastScore));
        }
        options ??= new CocoReadOptions();
        var file = CocoKeypointFile.Load(annotations, options, cancellation: cancellation);
        var truth = new CocoReport(annotations, options.Tolerant);
        truth.Include(file.Report);
        var folder = new CocoImageFiles(file, images, codec, truth);
        var report = new CocoReport(detections, options.Tolerant);
        var dataset = new DetectedPeopleDataset(file, schema, folder, detections, leastScore, report);
        var category = file.KeypointCategory()?.Id ?? 1;
        CocoResults.Read(detections, report, (result, index) => dataset.Add(result, index, category), progress, cancellation);
        if (dataset.Count == 0)
        {
            throw new PoseDataException(
                detections,
                $"there is nobody to use: {dataset.SkippedScores} detections have a score below {leastScore.ToString(CultureInfo.InvariantCulture)}, "
                + $"{dataset.SkippedCategories} are not of category {category}; {report.Problems.Count} could not be used.");
        }
        logger?.LogInformation(
            "{File}: {Count} detected people; left out {Scores} with a score below {Least} and {Others} of other categories.",
            detections, dataset.Count, dataset.SkippedScores, leastScore, dataset.SkippedCategories);
        truth.Log(logger);
        report.Log(logger);
        report.Include(truth);
        return dataset;
    }

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => _images.Load(_samples[index]);

    private void Add(CocoResult result, int index, long category)
    {
        if (result.CategoryId != category)
        {
            SkippedCategories++;
        }
        else if (result.Score < LeastScore)
        {
            SkippedScores++;
        }
        else if (Problem(result, index) is { } problem)
        {
            Report.Add(problem);
        }
        else
        {
            var image = Truth.FindImage(result.ImageId)!;
            var box = result.Box!.Value;
            _samples.Add(new PoseSample
            {
                Id = index,
                ImageId = image.Id,
                ImageName = _images.PathOf(image)!,
                Box = box,
                Keypoints = _unlabelled,
                ImageSize = image.Size,
                Area = box.Width * box.Height,
                BoxScore = result.Score,
            });
        }
    }

    private CocoProblem? Problem(CocoResult result, int index)
    {
        if (CocoResults.CheckImage(result, index, Truth) is { } unknown)
        {
            return unknown;
        }
        var image = Truth.FindImage(result.ImageId)!;
        if (_images.PathOf(image) is null)
        {
            return CocoResults.Problem(result, index, CocoFault.UnknownImage, "image_id", "is of an image without a file_name");
        }
        if (result.Box is not { IsValid: true } box)
        {
            return CocoResults.Problem(result, index, CocoFault.Box, "bbox", CocoValues.NoUsableBox(result.Box ?? default));
        }
        return image.Size is { } size && !box.Overlaps(size)
            ? CocoResults.Problem(result, index, CocoFault.BoxOutsideImage, "bbox", CocoValues.OutsideImage(box, image))
            : null;
    }
}
