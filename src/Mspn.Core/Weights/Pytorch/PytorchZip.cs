using System.IO.Compression;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A checkpoint of PyTorch 1.6 or later: a zip archive with the pickle <c>X/data.pkl</c> and each storage as <c>X/data/KEY</c>. Names in it are only
/// compared, never used as paths.
/// </summary>
internal sealed class PytorchZip : PytorchArchive
{
    private const int LongestPickle = 1 << 28;
    private const int LargestDeflateRatio = 1032;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _folder;

    public PytorchZip(Stream stream)
    {
        _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in _zip.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw new InvalidDataException($"the archive has '{entry.FullName}' twice");
            }
            if (entry.CompressedLength > stream.Length || entry.Length > entry.CompressedLength * LargestDeflateRatio)
            {
                throw new InvalidDataException($"'{entry.FullName}' cannot have {entry.Length} bytes");
            }
        }
        var pickles = _entries.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray();
        _folder = pickles is [var only] ? only[..^"data.pkl".Length] : throw new InvalidDataException($"the archive has {pickles.Length} files data.pkl, not one");
        if (_entries.TryGetValue(_folder + "byteorder", out var order))
        {
            using var text = new StreamReader(order.Open());
            Span<char> little = stackalloc char["little".Length];
            if (text.ReadBlock(little) != little.Length || !little.SequenceEqual("little"))
            {
                throw new InvalidDataException("its numbers are not little-endian");
            }
        }
        var pickle = _entries[pickles[0]];
        if (pickle.Length > LongestPickle)
        {
            throw new InvalidDataException($"its pickle has {pickle.Length} bytes, more than {LongestPickle}");
        }
        using var bytes = pickle.Open();
        Root = Unpickler.Read(new PickleReader(bytes, pickle.Length), PytorchStorage.Parse);
    }

    public override long? Length(PytorchStorage storage) => _entries.TryGetValue(Name(storage), out var entry) ? entry.Length : null;

    public override void Read(PytorchStorage storage, long start, Tensor target)
    {
        using var stream = _entries[Name(storage)].Open();
        if (stream.CanSeek)
        {
            stream.Position = start;
        }
        else
        {
            Skip(stream, start);
        }
        stream.ReadExactly(target);
    }

    /// <inheritdoc />
    public override void Dispose() => _zip.Dispose();

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[Math.Min(count, 1 << 16)];
        for (var left = count; left > 0;)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            stream.ReadExactly(piece);
            left -= piece.Length;
        }
    }

    private string Name(PytorchStorage storage) => $"{_folder}data/{storage.Key}";
}
