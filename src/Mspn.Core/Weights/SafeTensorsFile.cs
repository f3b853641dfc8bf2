using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A <c>.safetensors</c> file opened for reading: eight bytes of header length, a JSON header, then the tensors' bytes. Nothing in it is
/// executed, and nothing is allocated before the header's claims are checked against the file's size.
/// </summary>
/// <remarks>Not thread-safe. Dispose it when the tensors have been read; tensors read from it live on.</remarks>
public sealed class SafeTensorsFile : IDisposable
{
    private const int MaximumHeader = 100_000_000;

    private readonly FileStream _stream;
    private readonly long _dataStart;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private SafeTensorsFile(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
        var header = ReadHeader();
        _dataStart = 8 + header.Length;
        ParseHeader(header);
    }

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>The header's <c>__metadata__</c>: strings by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Names of the tensors, in the order of the header.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Keys];

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="PoseDataException">The file is missing, unreadable, or not a sound safetensors file; the message names it.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(path, "weight file", e);
        }
        try
        {
            return new SafeTensorsFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Shape of a tensor.</summary>
    /// <exception cref="PoseDataException">The file has no tensor of that name.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <summary>Element type of a tensor.</summary>
    /// <exception cref="PoseDataException">The file has no tensor of that name.</exception>
    public ScalarType Type(string name) => Find(name).Type;

    /// <summary>Whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads one tensor to the CPU, in its stored type.</summary>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="PoseDataException">The file has no tensor of that name.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name);
        var result = empty(entry.Shape, entry.Type);
        try
        {
            if (entry.Length > 0)
            {
                _stream.Position = _dataStart + entry.Start;
                _stream.ReadExactly(result.bytes);
            }
            return result;
        }
        catch (IOException e)
        {
            result.Dispose();
            throw new PoseDataException(Path, $"tensor '{name}' cannot be read ({e.Message})", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    private Entry Find(string name) =>
        _entries.TryGetValue(name, out var entry) ? entry : throw new PoseDataException(Path, $"there is no tensor '{name}' in this file.");

    private byte[] ReadHeader()
    {
        Span<byte> prefix = stackalloc byte[8];
        if (_stream.Length < 8)
        {
            throw Broken($"it has {_stream.Length} bytes, too few for a safetensors header.");
        }
        _stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeader || (long)length > _stream.Length - 8)
        {
            throw Broken($"the header claims {length} bytes, but the file has {_stream.Length}.");
        }
        var header = new byte[length];
        _stream.ReadExactly(header);
        return header;
    }

    private void ParseHeader(byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var item in document.RootElement.EnumerateObject())
            {
                if (item.NameEquals("__metadata__"))
                {
                    Metadata = item.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? string.Empty);
                }
                else if (!_entries.TryAdd(item.Name, ParseEntry(item.Name, item.Value)))
                {
                    throw Broken($"tensor '{item.Name}' appears twice.");
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
        if (!SafeTensorsTypes.TryParse(typeName, out var type))
        {
            throw Broken($"tensor '{name}' has the unknown type '{typeName}'.");
        }
        var shape = value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        // Zeros are left out at first: torch refuses an empty tensor whose other dimensions are too large.
        Int128 bytes = SafeTensorsTypes.Size(type);
        foreach (var dimension in shape)
        {
            bytes *= Math.Max(1, dimension);
            if (dimension < 0 || bytes > long.MaxValue)
            {
                throw Broken($"tensor '{name}' has the impossible shape [{string.Join(", ", shape)}].");
            }
        }
        bytes = shape.Contains(0) ? 0 : bytes;
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > _stream.Length - _dataStart)
        {
            throw Broken($"tensor '{name}' lies at [{string.Join(", ", offsets)}], outside the file's {_stream.Length - _dataStart} data bytes.");
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
        foreach (var (next, entry) in _entries.Where(e => e.Value.Length > 0).OrderBy(e => e.Value.Start))
        {
            if (entry.Start < end)
            {
                throw Broken($"tensors '{name}' and '{next}' overlap.");
            }
            (name, end) = (next, entry.Start + entry.Length);
        }
    }

    private PoseDataException Broken(string problem, Exception? inner = null) => new(Path, problem, inner);

    private sealed record Entry(ScalarType Type, long[] Shape, long Start, long Length);
}
