using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// A keypoint annotation file in COCO's layout: COCO 2014 and 2017, CrowdPose, LSP and whatever else was brought into it. Images, annotations and
/// categories as they stand there, in the file's order.
/// </summary>
/// <remarks>
/// The file is streamed: only a buffer of it is in memory, and what is not needed, such as segmentations, is skipped token by token. The lists may come
/// in any order. Numbers where ids belong must be whole; ids are unique; every annotation has its image, and as many keypoints as its category, or none;
/// visibilities are 0, 1 or 2; coordinates are finite; boxes and areas are not negative, and the box of somebody with labelled keypoints has an area. Missing
/// or null are allowed: <c>file_name</c>, <c>width</c>, <c>height</c>, <c>category_id</c>, <c>keypoints</c>, <c>num_keypoints</c>, <c>bbox</c>,
/// <c>area</c>, <c>iscrowd</c>, <c>ignore</c>, and both <c>annotations</c> and <c>categories</c> as a whole. Immutable and thread-safe.
/// Layout: <a href="https://cocodataset.org/#format-data">cocodataset.org</a>.
/// </remarks>
public sealed class CocoKeypointFile
{
    private readonly Dictionary<long, CocoImageInfo> _imagesById;
    private readonly CocoReadOptions _options;

    private CocoKeypointFile(string source, CocoKeypointParser parsed, CocoReadOptions options, CocoReport report)
    {
        SourceName = source;
        Report = report;
        _options = options;
        _imagesById = parsed.Images.ToDictionary(i => i.Id);
        CocoCrossCheck.Run(parsed.People, _imagesById, parsed.Categories, parsed.Uncategorised, report);
        (Images, People, Categories) = (parsed.Images, parsed.People, parsed.Categories);
        HasAnnotations = parsed.HasAnnotations;
    }

    /// <summary>The file, as errors name it.</summary>
    public string SourceName { get; }

    /// <summary>The images.</summary>
    public IReadOnlyList<CocoImageInfo> Images { get; }

    /// <summary>The annotations: of all categories, crowds and people without labelled keypoints included.</summary>
    public IReadOnlyList<CocoPerson> People { get; }

    /// <summary>The categories, with and without keypoints.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>What was left out; empty unless the reading was tolerant.</summary>
    public CocoReport Report { get; }

    /// <summary>Whether the file has a list of annotations, be it an empty one; that of COCO's test images has none.</summary>
    public bool HasAnnotations { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="options">Strict or tolerant, and which category; default strict and the only one with keypoints.</param>
    /// <param name="logger">Told what a tolerant reading left out.</param>
    /// <param name="progress">Told the part of the file that was read, from 0 to 1.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PoseDataException">
    /// The file is missing or damaged; or the reading is strict, and something cannot be used: the message names its id and field.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static CocoKeypointFile Load(
        string path, CocoReadOptions? options = null, ILogger? logger = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Load(path, options, logger, parse => JsonFile.Read(path, "annotation file", parse, progress, cancellation));
    }

    /// <summary>Reads a stream, which stays open.</summary>
    /// <param name="stream">UTF-8 JSON, from its present position.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">As for files.</param>
    /// <param name="logger">As for files.</param>
    /// <param name="progress">As for files; told nothing but the end where the stream cannot tell its length.</param>
    /// <param name="cancellation">As for files.</param>
    /// <exception cref="PoseDataException">As for files.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static CocoKeypointFile Load(
        Stream stream, string name, CocoReadOptions? options = null, ILogger? logger = null, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Load(name, options, logger, parse => JsonFile.Read(stream, name, parse, progress, cancellation));
    }

    /// <summary>The image with that id; null if it is not listed.</summary>
    public CocoImageInfo? FindImage(long id) => _imagesById.GetValueOrDefault(id);

    /// <summary>
    /// The category whose keypoints are meant: that of <see cref="CocoReadOptions.Category"/>, or the only one that lists keypoints; null if none does.
    /// </summary>
    /// <exception cref="PoseDataException">Several categories list keypoints and none was chosen, or the chosen one does not exist; the message lists
    /// them.</exception>
    public CocoCategory? KeypointCategory() => CocoCategories.Choose(SourceName, Categories, _options.Category);

    /// <summary>The annotations of <see cref="KeypointCategory"/>; all of them if there is none.</summary>
    /// <exception cref="PoseDataException">As for <see cref="KeypointCategory"/>.</exception>
    public IEnumerable<CocoPerson> KeypointPeople() =>
        KeypointCategory() is { } category ? People.Where(p => p.CategoryId == category.Id) : People;

    /// <summary>The keypoints of the file.</summary>
    /// <param name="wanted">What they should be; null takes them from <see cref="KeypointCategory"/>.</param>
    /// <returns>
    /// <paramref name="wanted"/>, or the category as a schema: its skeleton, flip pairs from names that differ in left and right alone, and its
    /// <c>sigmas</c>. Where the names are those of a bundled schema, in its order, sigmas and upper body are the bundled one's. Otherwise there are no
    /// sigmas unless the category lists them, and who asks for OKS is told to give them.
    /// </returns>
    /// <exception cref="PoseDataException">The file's category does not fit, describes no keypoints, or there are several.</exception>
    public KeypointSchema Schema(KeypointSchema? wanted = null) => CocoCategories.Schema(SourceName, KeypointCategory(), wanted);

    private static CocoKeypointFile Load(string name, CocoReadOptions? options, ILogger? logger, Action<JsonFileParser> read)
    {
        options ??= new CocoReadOptions();
        var report = new CocoReport(name, options.Tolerant);
        var parser = new CocoKeypointParser(name, report);
        read(parser.Parse);
        var file = new CocoKeypointFile(name, parser, options, report);
        report.Log(logger);
        return file;
    }
}
