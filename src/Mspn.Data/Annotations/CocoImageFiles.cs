using Mspn.Core;

namespace Mspn.Data;

/// <summary>Where the images of a COCO file are.</summary>
internal sealed class CocoImageFiles
{
    private readonly string _folder;
    private readonly IImageCodec? _codec;

    /// <summary>Checks that the folder exists and that every image has a file name.</summary>
    public CocoImageFiles(CocoKeypointFile file, string folder, IImageCodec? codec, CocoReport report)
    {
        if (!Directory.Exists(folder))
        {
            throw new PoseDataException(folder, "the image folder does not exist.");
        }
        foreach (var image in file.Images.Where(i => string.IsNullOrEmpty(i.FileName)))
        {
            report.Add(new CocoProblem(CocoFault.Missing, $"image {image.Id}", image.Id, "file_name", "has no file_name"));
        }
        _folder = folder;
        _codec = codec;
    }

    /// <summary>An image's file; null where it has no name.</summary>
    public string? PathOf(CocoImageInfo image) => image.FileName is { Length: > 0 } name ? Path.Combine(_folder, name) : null;

    /// <summary>The image of a sample.</summary>
    public RgbImage Load(PoseSample sample) => RgbImage.Load(sample.ImageName, _codec);
}
