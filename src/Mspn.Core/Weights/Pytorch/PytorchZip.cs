using System.Collections.Concurrent;
using System.IO.Compression;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A checkpoint of PyTorch 1.6 or later: a zip archive with the pickle <c>X/data.pkl</c> and each storage as <c>X/data/KEY</c>. Names in it are only
/// compared, never used as paths.
/// </summary>
/// <remarks>Checksums of the archive are not compared: PyTorch does not either, and can be told to write files without them (<c>set_crc32_options</c>).</remarks>
internal sealed class PytorchZip : PytorchArchive
{
    private const int LongestPickle = 1 << 28;
    private const int LargestDeflateRatio = 1032;

    private readonly WeightBytes _bytes;
    private readonly ConcurrentBag<ZipArchive> _idle = [];
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly string _folder;

    public PytorchZip(WeightBytes bytes)
    {
        _bytes = bytes;
        var zip = Open();
        _idle.Add(zip);
        foreach (var entry in zip.Entries)
        {
            if (!_lengths.TryAdd(entry.FullName, entry.Length))
            {
                throw new InvalidDataException($"the archive has '{entry.FullName}' twice");
            }
            if (entry.CompressedLength > bytes.Length || entry.Length > entry.CompressedLength * LargestDeflateRatio)
            {
                throw new InvalidDataException($"'{entry.FullName}' cannot have {entry.Length} bytes");
            }
        }
        var pickles = _lengths.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray();
        _folder = pickles is [var only] ? only[..^"data.pkl".Length] : throw new InvalidDataException($"the archive has {pickles.Length} files data.pkl, not one");
        if (zip.GetEntry(_folder + "byteorder") is { } order)
        {
            using var text = new StreamReader(order.Open());
            Span<char> little = stackalloc char["little".Length];
            if (text.ReadBlock(little) != little.Length || !little.SequenceEqual("little"))
            {
                throw new InvalidDataException("its numbers are not little-endian");
            }
        }
        var pickle = zip.GetEntry(pickles[0])!;
        if (pickle.Length > LongestPickle)
        {
            throw new InvalidDataException($"its pickle has {pickle.Length} bytes, more than {LongestPickle}");
        }
        using var content = pickle.Open();
        Root = Unpickler.Read(new PickleReader(content, pickle.Length), PytorchStorage.Parse);
    }

    public override long? Length(PytorchStorage storage) => _lengths.TryGetValue(Name(storage), out var length) ? length : null;

    public override void Read(PytorchStorage storage, long start, Tensor target)
    {
        // An archive serves one thread at a time.
        var zip = _idle.TryTake(out var idle) ? idle : Open();
        using (var stream = zip.GetEntry(Name(storage))!.Open())
        {
            if (stream.CanSeek)
            {
                stream.Position = start;
            }
            else
            {
                Skip(stream, start);
            }
            TensorStreams.ForEachChunk(target, stream.ReadExactly);
        }
        _idle.Add(zip);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var zip in _idle)
        {
            zip.Dispose();
        }
        base.Dispose();
    }

    private ZipArchive Open() => new(_bytes.AsStream(), ZipArchiveMode.Read);

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
