using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>People annotated in MPII's Human Pose data set, read from the JSON that others made of it. Images are read when they are asked for.</summary>
/// <remarks>
/// <para>Two layouts are read, told apart by their fields: <c>train.json</c> and <c>valid.json</c> of SimpleBaseline, HRNet and the official MSPN code, which are
/// mmpose's <c>mpii_train.json</c> and <c>mpii_val.json</c> too; and <c>mpii_annotations.json</c> of CPM and bearpaw's hourglass, which holds both parts. What the
/// fields were in MPII's own <c>mpii_human_pose_v1_u12_1.mat</c> (<c>RELEASE</c>), for each <c>annolist(image).annorect(person)</c>:</para>
/// <list type="table">
/// <listheader><term>.mat</term><description>JSON of either layout</description></listheader>
/// <item><term><c>annolist.image.name</c></term><description><c>image</c>; <c>img_paths</c></description></item>
/// <item><term><c>objpos.x, .y</c></term><description><c>center</c>; <c>objpos</c>: about the middle of the person</description></item>
/// <item><term><c>scale</c></term><description><c>scale</c>; <c>scale_provided</c>: the person's height in units of 200 pixels</description></item>
/// <item><term><c>annopoints.point.x, .y</c></term><description><c>joints</c>; the first two numbers of <c>joint_self</c></description></item>
/// <item><term><c>annopoints.point.id</c></term><description>the place in these lists: the order of <see cref="KeypointSchemas.Mpii16"/></description></item>
/// <item><term><c>annopoints.point.is_visible</c></term><description>not in the first layout, whose <c>joints_vis</c> is 1 for every annotated joint;
/// the third number of <c>joint_self</c></description></item>
/// <item><term><c>x1, y1, x2, y2</c></term><description>the head's box, in neither; <c>headboxes_src</c> of <c>gt_valid.mat</c> and
/// <c>detections_our_format.mat</c></description></item>
/// <item><term><c>img_train</c></term><description>in neither, whose people all come from the training images. <c>isValidation</c>, where it is, is Tompson's split
/// of these</description></item>
/// </list>
/// <para>Pixels count from 1 in all of these files, and from 0 here: 1 is taken off positions and joints of both layouts, once, on reading. The official MSPN code
/// and HRNet do the same; mmpose takes it off the position only, and bearpaw off neither.</para>
/// <para>Boxes are as in all of those codes: a square of 200 × scale around the position, which is moved down by 15 × scale so that feet are not cut off. Any
/// further margin, such as HRNet's 1.25, is <see cref="PoseInput"/>'s. Areas are 0.53 of the square, as in mmpose.</para>
/// <para>Joints that are annotated have visibility 2, or 1 where the second layout says that they are hidden. People whose position or scale is not known (−1), and
/// those without a labelled joint, are left out, counted, and reported to the logger. <see cref="PoseSample.Id"/> is the place in the file from 0, with which
/// predictions of other codes are matched; <see cref="PoseSample.ImageId"/> numbers images in the order in which they first appear.</para>
/// </remarks>
public sealed class MpiiDataset : IPoseDataset
{
    internal const double ScaleUnit = 200;
    internal const double CentreShift = 15;

    // SC_BIAS of the evaluation codes.
    private const double HeadFraction = 0.6;

    // Share of the square that a person covers, after mmpose.
    private const double AreaFraction = 0.53;

    private readonly List<PoseSample> _samples = [];
    private readonly IImageCodec? _codec;

    private MpiiDataset(string path, IImageCodec? codec)
    {
        AnnotationPath = path;
        _codec = codec;
    }

    /// <summary>The annotation file.</summary>
    public string AnnotationPath { get; }

    /// <summary>MPII's 16 keypoints.</summary>
    public KeypointSchema Schema => KeypointSchemas.Mpii16;

    /// <inheritdoc />
    public int Count => _samples.Count;

    /// <inheritdoc />
    public PoseSample this[int index] => _samples[index];

    /// <summary>People without a known position or scale that were left out.</summary>
    public int SkippedUnplaced { get; private set; }

    /// <summary>People without any labelled keypoint that were left out.</summary>
    public int SkippedUnlabelled { get; private set; }

    /// <summary>Reads an annotation file.</summary>
    /// <param name="annotations">The JSON file, in either layout.</param>
    /// <param name="images">The folder of the images.</param>
    /// <param name="part">Which people. Default everybody in the file.</param>
    /// <param name="headBoxes">A NumPy file with the head boxes of all people of that part, in the file's order (see <see cref="LoadHeadSizes"/>), from which
    /// <see cref="PoseSample.HeadSize"/> comes. Default null: head sizes are not known.</param>
    /// <param name="codec">What decodes images; default <see cref="SkiaImageCodec"/>.</param>
    /// <param name="logger">Told how many people were left out.</param>
    /// <exception cref="PoseDataException">
    /// A file or folder is missing, the JSON is damaged, an annotation lacks something (its number and the field are named), the head boxes are those of
    /// another number of people, or nobody is left.
    /// </exception>
    public static MpiiDataset Load(
        string annotations,
        string images,
        MpiiPart part = MpiiPart.Everybody,
        string? headBoxes = null,
        IImageCodec? codec = null,
        ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(annotations);
        ArgumentException.ThrowIfNullOrEmpty(images);
        var records = Read(annotations);
        if (!Directory.Exists(images))
        {
            throw new PoseDataException(images, "the image folder does not exist.");
        }
        var dataset = new MpiiDataset(annotations, codec);
        dataset.Fill(records, images, part, headBoxes);
        if (dataset.Count == 0)
        {
            throw new PoseDataException(
                annotations,
                $"there is nobody to use ({part}): of {records.Count} people, {dataset.SkippedUnplaced} have no known position and scale and "
                + $"{dataset.SkippedUnlabelled} no labelled keypoint.");
        }
        logger?.LogInformation(
            "{File}: {Count} people; left out {Unplaced} without a known position or scale and {Unlabelled} without labelled keypoints.",
            annotations, dataset.Count, dataset.SkippedUnplaced, dataset.SkippedUnlabelled);
        return dataset;
    }

    /// <summary>Reads head boxes and gives the sizes that PCKh divides by, in pixels.</summary>
    /// <param name="path">
    /// A NumPy file of shape <c>[people, 2, 2]</c>: x and y of one corner and of the other. In Python, of <c>gt_valid.mat</c>:
    /// <c>numpy.save(path, scipy.io.loadmat(mat)['headboxes_src'].transpose(2, 0, 1).copy())</c>.
    /// </param>
    /// <exception cref="PoseDataException">The file is missing or damaged, or its shape is another.</exception>
    public static IReadOnlyList<double> LoadHeadSizes(string path)
    {
        var boxes = NpyFile.Load(path).OfShape("head boxes", -1, 2, 2);
        return [.. boxes.Values.Chunk(4).Select(c => HeadSizeOf(c[0], c[1], c[2], c[3]))];
    }

    /// <summary>The head's size as PCKh defines it: 0.6 of the diagonal of its box.</summary>
    /// <param name="x1">One corner.</param>
    /// <param name="y1">One corner.</param>
    /// <param name="x2">The corner opposite.</param>
    /// <param name="y2">The corner opposite.</param>
    public static double HeadSizeOf(double x1, double y1, double x2, double y2) =>
        HeadFraction * Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => RgbImage.Load(_samples[index].ImageName, _codec);

    private void Fill(List<MpiiRecord?> records, string images, MpiiPart part, string? headBoxes)
    {
        var heads = headBoxes is null ? null : LoadHeadSizes(headBoxes);
        var imageIds = new Dictionary<string, long>(StringComparer.Ordinal);
        var people = 0;
        for (var i = 0; i < records.Count; i++)
        {
            var place = new MpiiPlace(AnnotationPath, i);
            var record = records[i] ?? throw place.Error("is null");
            if (!record.IsIn(part, place))
            {
                continue;
            }
            var head = heads?.ElementAtOrDefault(people);
            people++;
            var fileName = record.FileName(place);
            if (!imageIds.TryGetValue(fileName, out var imageId))
            {
                imageIds.Add(fileName, imageId = imageIds.Count);
            }
            var keypoints = record.Keypoints(Schema, place);
            if (record.Square(place) is not { } square)
            {
                SkippedUnplaced++;
            }
            else if (!keypoints.Any(k => k.IsLabelled))
            {
                SkippedUnlabelled++;
            }
            else
            {
                _samples.Add(new PoseSample
                {
                    Id = i,
                    ImageId = imageId,
                    ImageName = Path.Combine(images, fileName),
                    Box = square,
                    Keypoints = keypoints,
                    ImageSize = record.Size,
                    Area = AreaFraction * square.Width * square.Height,
                    HeadSize = head,
                });
            }
        }
        if (heads is not null && heads.Count != people)
        {
            throw new PoseDataException(headBoxes!, $"there are {heads.Count} head boxes for {people} people ({part}) in {AnnotationPath}.");
        }
    }

    private static List<MpiiRecord?> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<List<MpiiRecord?>>(stream) ?? throw new PoseDataException(path, "the JSON is null, not a list of people.");
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
