namespace Mspn.Core;

/// <summary>Files that are there in full or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a file beside the path and moves it there when it is complete, so that an interrupted program leaves the old file or the new one,
    /// never half of it. Missing folders are created.
    /// </summary>
    /// <exception cref="PoseDataException">The folder or file cannot be written; the message names it.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        var temporary = Temporary(path);
        var isOurs = false;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                isOurs = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (isOurs)
            {
                TryDelete(temporary); // and not another program's, which writes to the same path
            }
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new PoseDataException(path, $"the file cannot be written ({e.Message})", e);
            }
            throw;
        }
    }

    /// <summary>Where a file lies while it is written; a killed program leaves it there.</summary>
    public static string Temporary(string path) => path + ".partial";

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here is the one to report.
        }
    }
}
