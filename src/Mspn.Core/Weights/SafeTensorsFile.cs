using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A <c>.safetensors</c> file opened for reading: eight bytes of header length, a JSON header, then the tensors' bytes. Nothing in it is
/// executed, and nothing is allocated before the header's claims are checked against the file's size.
/// </summary>
public sealed class SafeTensorsFile : WeightFile
{
    internal const string MetadataKey = "__metadata__";

    private const int MaximumHeader = 100_000_000;

    private readonly WeightBytes _bytes;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, WeightBytes bytes)
        : base(path)
    {
        _bytes = bytes;
        var header = ReadHeader();
        _dataStart = 8 + header.Length;
        ParseHeader(header);
    }

    /// <summary>The header's <c>__metadata__</c>: strings by key; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Opens a file and checks its header.</summary>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">The file is missing, unreadable, or not a sound safetensors file; the message names it.</exception>
    public static new SafeTensorsFile Open(string path) => Open(path, OpenStream(path));

    /// <inheritdoc />
    public override void Dispose() => _bytes.Dispose();

    internal static new SafeTensorsFile Open(string path, Stream stream) => Guarded(path, stream, bytes => new SafeTensorsFile(path, bytes));

    internal override void Fill(WeightEntry entry, Tensor target) => _bytes.ReadExactly(_dataStart + ((Entry)entry).Start, target);

    private byte[] ReadHeader()
    {
        Span<byte> prefix = stackalloc byte[8];
        if (_bytes.Length < 8)
        {
            throw Broken($"it has {_bytes.Length} bytes, too few for a safetensors header.");
        }
        _bytes.ReadExactly(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeader || (long)length > _bytes.Length - 8)
        {
            throw Broken($"the header claims {length} bytes, but the file has {_bytes.Length}.");
        }
        var header = new byte[length];
        _bytes.ReadExactly(prefix.Length, header);
        return header;
    }

    private void ParseHeader(byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var item in document.RootElement.EnumerateObject())
            {
                if (item.NameEquals(MetadataKey))
                {
                    Metadata = item.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? string.Empty);
                }
                else
                {
                    Add(item.Name, ParseEntry(item.Name, item.Value));
                }
            }
            CheckOverlaps();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw Broken($"the header is not valid ({e.Message})", e);
        }
    }

    private Entry ParseEntry(string name, JsonElement value)
    {
        var typeName = value.GetProperty("dtype").GetString() ?? string.Empty;
        if (!WeightTypes.TryParseSafeTensors(typeName, out var type))
        {
            throw Broken($"tensor '{name}' has the unknown type '{typeName}'.");
        }
        var shape = value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var bytes = WeightEntry.Bytes(type, shape) ?? throw Broken($"tensor '{name}' has the impossible shape [{string.Join(", ", shape)}].");
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > _bytes.Length - _dataStart)
        {
            throw Broken($"tensor '{name}' lies at [{string.Join(", ", offsets)}], outside the file's {_bytes.Length - _dataStart} data bytes.");
        }
        if (offsets[1] - offsets[0] != bytes)
        {
            throw Broken($"tensor '{name}' of shape [{string.Join(", ", shape)}] needs {bytes} bytes, but {offsets[1] - offsets[0]} are stored.");
        }
        return new Entry(type, shape, offsets[0], offsets[1] - offsets[0]);
    }

    private void CheckOverlaps()
    {
        var (name, end) = (string.Empty, 0L);
        foreach (var (next, entry) in Entries.Select(e => (e.Key, (Entry)e.Value)).Where(e => e.Item2.Length > 0).OrderBy(e => e.Item2.Start))
        {
            if (entry.Start < end)
            {
                throw Broken($"tensors '{name}' and '{next}' overlap.");
            }
            (name, end) = (next, entry.Start + entry.Length);
        }
    }

    private PoseDataException Broken(string problem, Exception? inner = null) => new(Path, problem, inner);

    private sealed class Entry(ScalarType type, long[] shape, long start, long length) : WeightEntry(type, shape)
    {
        public long Start { get; } = start;

        public long Length { get; } = length;
    }
}
