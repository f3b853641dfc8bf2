using System.IO.Enumeration;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Finds the image files that somebody means.</summary>
public static class ImageFiles
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Image files in the order of what is given; frames of a folder or pattern by their numbers, so that 9 is before 10.</summary>
    /// <param name="paths">
    /// Files, taken as they are, also missing ones; folders, of which the images are taken by their extensions, without folders in them and hidden
    /// files; and patterns with <c>*</c> or <c>?</c> in their last part, such as <c>walk/frame*.png</c>.
    /// </param>
    /// <returns>Paths, each beginning as it was given.</returns>
    /// <exception cref="PoseDataException">A folder cannot be read, or it or a pattern has no image.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                files.AddRange(List(path, path, file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) && file[0] != '.'));
            }
            else if (Path.GetFileName(path).AsSpan().ContainsAny('*', '?') && !File.Exists(path))
            {
                var pattern = Path.GetFileName(path);
                files.AddRange(List(path, Path.GetDirectoryName(path) ?? "", file => FileSystemName.MatchesSimpleExpression(pattern, file)));
            }
            else
            {
                files.Add(path);
            }
        }
        return files;
    }

    private static string[] List(string given, string folder, Predicate<string> wanted)
    {
        string[] found;
        try
        {
            found = [.. Directory.GetFiles(folder.Length > 0 ? folder : ".").Select(file => Path.GetFileName(file)).Where(name => wanted(name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(given, "image folder", e);
        }
        return found.Length > 0
            ? [.. found.Order(NaturalOrder.Instance).Select(name => Path.Combine(folder, name))]
            : throw new PoseDataException(given, "there are no images (JPEG, PNG, WebP, BMP, GIF).");
    }
}
