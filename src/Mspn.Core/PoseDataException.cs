namespace Mspn.Core;

/// <summary>
/// Data from outside (an image, an annotation file, a weight file) that cannot be used. The message names the file and, where
/// there is one, the key or annotation id.
/// </summary>
public class PoseDataException : Exception
{
    /// <summary>An error about <paramref name="source"/>.</summary>
    /// <param name="source">The file (or other source) at fault, as the caller named it.</param>
    /// <param name="problem">What is wrong with it, one sentence.</param>
    /// <param name="inner">The error behind it, if any.</param>
    public PoseDataException(string source, string problem, Exception? inner = null)
        : base($"{source}: {problem}", inner)
    {
        SourceName = source;
    }

    /// <summary>An error about a file that could not be opened or read: whether it is missing, or else why.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="what">What it should have been, such as "weight file".</param>
    /// <param name="inner">What reading it threw.</param>
    public static PoseDataException Unreadable(string path, string what, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new PoseDataException(
            path,
            inner is FileNotFoundException or DirectoryNotFoundException ? $"the {what} does not exist." : $"the {what} cannot be read ({inner.Message})",
            inner);
    }

    /// <summary>The file (or other source) at fault.</summary>
    public string SourceName { get; }
}
