using System.Buffers.Text;
using System.Text;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>Rows that begin with a step, in the order of steps, of which the last can be taken back.</summary>
internal sealed class CsvFile(string path, string columns)
{
    private FileStream? _file;

    /// <summary>Opens the file for appending.</summary>
    /// <param name="lastStep">The last step whose rows stay; null to start with an empty file.</param>
    /// <exception cref="PoseDataException">There is a file with other columns, which is left as it is.</exception>
    public void Open(int? lastStep)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
        _file = new FileStream(path, lastStep is null ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        CutAfter(lastStep ?? 0);
    }

    /// <summary>Removes the rows of later steps, and one that is not whole.</summary>
    public void CutAfter(int step)
    {
        var length = WholeRows(step);
        _file!.SetLength(length);
        _file.Position = length;
        if (length == 0)
        {
            Append(columns);
        }
    }

    /// <summary>Adds a row.</summary>
    public void Append(string row) => _file!.Write(Encoding.UTF8.GetBytes(row + "\n"));

    /// <summary>Closes the file.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    // Length of the beginning that stays.
    private int WholeRows(int step)
    {
        var bytes = new byte[_file!.Length];
        _file.Position = 0;
        _file.ReadExactly(bytes);
        var length = 0;
        while (bytes.AsSpan(length).IndexOf((byte)'\n') is >= 0 and var end)
        {
            var row = bytes.AsSpan(length, end);
            if (length == 0 && Encoding.UTF8.GetString(row) != columns)
            {
                throw new PoseDataException(path, $"its columns are not '{columns}', so that the curve cannot be continued in it.");
            }
            if (length > 0 && (!Utf8Parser.TryParse(row, out int of, out _) || of > step))
            {
                break;
            }
            length += end + 1;
        }
        return length;
    }
}
