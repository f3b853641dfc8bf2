using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples;

/// <summary>Pictures of poses in a folder, and a sheet of originals beside them.</summary>
/// <param name="folder">Where each picture goes; null for none.</param>
/// <param name="sheet">The sheet's file; null for none.</param>
/// <param name="images">How many images there will be.</param>
/// <param name="options">How poses are drawn.</param>
/// <param name="jpegQuality">Quality of JPEG files, from 1 to 100; null for PNG files in the folder.</param>
public sealed class PosePictures(string? folder, string? sheet, int images, PoseRendererOptions options, int? jpegQuality = null)
{
    private const int MostRows = 24;
    private const int MostInColumn = 6;
    private const int CellWidth = 360;
    private const int CellHeight = 270;

    private readonly string _extension = jpegQuality is null ? "png" : "jpg";
    private readonly SkiaImageCodec _codec = jpegQuality is { } quality ? new SkiaImageCodec { JpegQuality = quality } : SkiaImageCodec.Instance;
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RgbImage> _rows = [];

    /// <summary>Draws an image's poses, unless no picture of it is wanted.</summary>
    /// <param name="index">Which of the images it is, from 0.</param>
    /// <param name="file">Its file.</param>
    /// <param name="image">The image.</param>
    /// <param name="poses">The poses in it.</param>
    public void Add(int index, string file, RgbImage image, IReadOnlyList<Pose> poses)
    {
        var onSheet = sheet is not null && IsOnSheet(index);
        if (folder is null && !onSheet)
        {
            return;
        }
        // Of several people limbs should tell who is who, not only left from right.
        var drawing = options with { Colors = poses.Count > 1 ? PoseColors.People : options.Colors };
        if (folder is not null)
        {
            PoseRenderer.Draw(image, poses, drawing).Save(Path.Combine(folder, UniqueName(file)), _codec);
        }
        if (onSheet)
        {
            // As a small sheet of its own, so that large photos are not kept.
            var drawn = PoseRenderer.Draw(image, poses, drawing with { FitInto = new ImageSize(CellHeight, CellWidth) });
            _rows.Add(ImageSheet.Compose([image, drawn], 2, CellWidth, CellHeight, [Path.GetFileName(file), $"{poses.Count} found"]));
        }
    }

    /// <summary>Writes the sheet, if one is wanted and there is anything on it.</summary>
    public void SaveSheet()
    {
        if (sheet is not null && _rows.Count > 0)
        {
            ImageSheet.Compose(_rows, (_rows.Count + MostInColumn - 1) / MostInColumn, _rows[0].Width, _rows[0].Height).Save(sheet, _codec);
        }
    }

    // Of many images as many as fit, spread evenly.
    private bool IsOnSheet(int index) => images <= MostRows || (long)index * MostRows / images != (long)(index - 1) * MostRows / images || index == 0;

    // Photos of the same name from two folders must not overwrite each other.
    private string UniqueName(string file)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        var name = $"{stem}.{_extension}";
        for (var i = 2; !_used.Add(name); i++)
        {
            name = $"{stem}-{i}.{_extension}";
        }
        return name;
    }
}
