using System.Globalization;
using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Looks people up in a COCO detection file (<see cref="CocoResults"/>) by the name of the image's file.</summary>
/// <remarks>
/// A detection file numbers the images. Which number an image has is told by, in this order: the names in an annotation file, a <c>file_name</c> beside
/// the detections (<see cref="CocoResult.ImageName"/>), or else the file's own name, which is the number in COCO (<c>000000000139.jpg</c>). Names are
/// compared with the end of the image's path, folder by folder.
/// </remarks>
public sealed class ListedPersonDetector : IPersonDetector
{
    private readonly Dictionary<long, List<PersonBox>> _people = [];
    private readonly Dictionary<string, long> _names = new(StringComparer.Ordinal);
    private readonly string _detections;
    private readonly string? _annotations;

    private ListedPersonDetector(string detections, string? annotations) => (_detections, _annotations) = (detections, annotations);

    /// <summary>Reads a detection file.</summary>
    /// <param name="detections">The file: <c>[{"image_id", "category_id", "bbox": [x, y, width, height], "score"}, …]</c>.</param>
    /// <param name="annotations">A COCO file whose <c>images</c> give the names, or null.</param>
    /// <param name="leastScore">Detections with a lower score are left out. Default 0.</param>
    /// <param name="category">The category of people. Default 1, COCO's.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PoseDataException">A file is missing or damaged, a person's box is missing or empty, or two images have one name.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static ListedPersonDetector Load(
        string detections, string? annotations = null, double leastScore = 0, long category = 1, CancellationToken cancellation = default)
    {
        var detector = new ListedPersonDetector(detections, annotations);
        if (annotations is not null)
        {
            foreach (var image in CocoKeypointFile.Load(annotations, cancellation: cancellation).Images.Where(i => i.FileName is not null))
            {
                detector.AddName(annotations, image.FileName!, image.Id);
            }
        }
        var index = 0;
        foreach (var result in CocoResults.Read(detections, cancellation: cancellation))
        {
            detector.Add(result, index++, leastScore, category);
        }
        foreach (var people in detector._people.Values)
        {
            people.Sort((a, b) => b.Score.CompareTo(a.Score));
        }
        return detector;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException"><paramref name="imageName"/> is missing.</exception>
    public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(imageName);
        var people = _people.GetValueOrDefault(IdOf(imageName), []);
        foreach (var person in people)
        {
            if (!person.Box.Overlaps(image.Size))
            {
                throw new PoseDataException(_detections, $"the box {person.Box} lies outside '{imageName}' ({image.Size}).");
            }
        }
        return people;
    }

    /// <summary>There is nothing to free.</summary>
    public void Dispose()
    {
    }

    private void Add(CocoResult result, int index, double leastScore, long category)
    {
        if (_annotations is null && result.ImageName is { } name)
        {
            AddName(_detections, name, result.ImageId);
        }
        if (result.CategoryId != category || result.Score < leastScore)
        {
            return;
        }
        if (result.Box is not { IsValid: true } box)
        {
            throw new PoseDataException(_detections, $"result {index} of image {result.ImageId} has no bbox, or an empty one.");
        }
        if (!_people.TryGetValue(result.ImageId, out var people))
        {
            _people.Add(result.ImageId, people = []);
        }
        people.Add(new PersonBox(box, result.Score));
    }

    private void AddName(string file, string imageName, long id)
    {
        var name = Normalized(imageName);
        if (!_names.TryAdd(name, id) && _names[name] != id)
        {
            throw new PoseDataException(file, $"it calls two images '{imageName}', {_names[name]} and {id}.");
        }
    }

    private long IdOf(string imageName)
    {
        var name = Normalized(imageName);
        for (var tail = name; ; tail = tail[(tail.IndexOf('/') + 1)..])
        {
            if (_names.TryGetValue(tail, out var id))
            {
                return id;
            }
            if (!tail.Contains('/'))
            {
                break;
            }
        }
        return _annotations is null && long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PoseDataException(
                _annotations ?? _detections,
                $"it does not tell which image '{imageName}' is{(_annotations is null ? "; an annotation file with the images' names would" : "")}.");
    }

    private static string Normalized(string name) => name.Replace('\\', '/');
}
