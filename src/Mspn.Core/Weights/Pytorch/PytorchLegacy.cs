using System.Buffers.Binary;
using System.Numerics;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A checkpoint as PyTorch wrote it before version 1.6: five pickles in a row (a magic number, the protocol's version, the machine, the object, the
/// storages' keys), then each storage as a count of elements and its bytes.
/// </summary>
internal sealed class PytorchLegacy : PytorchArchive
{
    private const long Protocol = 1001;

    private static readonly BigInteger Magic = new((ReadOnlySpan<byte>)[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);

    private readonly WeightBytes _bytes;
    private readonly Dictionary<string, PytorchStorage> _storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Start, long Length)> _places = new(StringComparer.Ordinal);

    public PytorchLegacy(WeightBytes bytes)
    {
        _bytes = bytes;
        var reader = new PickleReader(bytes.AsStream(), bytes.Length);
        if (Unpickler.Read(reader) is not BigInteger magic || magic != Magic)
        {
            throw new InvalidDataException("its magic number is wrong");
        }
        if (Unpickler.Read(reader) is not Protocol)
        {
            throw new InvalidDataException($"its protocol is not {Protocol}");
        }
        if (Unpickler.Read(reader) is not OrderedDictionary<string, object?> machine || machine.GetValueOrDefault("little_endian") is not true)
        {
            throw new InvalidDataException("its numbers are not little-endian");
        }
        Root = Unpickler.Read(reader, Register);
        Locate(Pickled.Sequence(Unpickler.Read(reader)), reader.Position);
    }

    public override long? Length(PytorchStorage storage) => _places.TryGetValue(storage.Key, out var place) ? place.Length : null;

    public override void Read(PytorchStorage storage, long start, Tensor target) =>
        _bytes.ReadExactly(_places[storage.Key].Start + start, target);

    private PytorchStorage Register(object? id)
    {
        var storage = PytorchStorage.Parse(id);
        var whole = storage with { Start = 0, ViewCount = storage.Count };
        return _storages.TryAdd(storage.Key, whole) || _storages[storage.Key] == whole
            ? storage
            : throw new InvalidDataException($"storage '{storage.Key}' is described in two ways");
    }

    private void Locate(IReadOnlyList<object?> keys, long position)
    {
        Span<byte> prefix = stackalloc byte[8];
        foreach (var item in keys)
        {
            var key = Pickled.Expect<string>(item, "a storage's key");
            var storage = _storages.GetValueOrDefault(key) ?? throw new InvalidDataException($"storage '{key}' belongs to no tensor");
            _bytes.ReadExactly(position, prefix);
            var count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            position += prefix.Length;
            if (count != storage.Count || storage.Bytes > _bytes.Length - position)
            {
                throw new InvalidDataException(
                    $"storage '{key}' should have {storage.Count} elements; {count} are announced where {_bytes.Length - position} bytes are left");
            }
            if (!_places.TryAdd(key, (position, (long)storage.Bytes)))
            {
                throw new InvalidDataException($"storage '{key}' appears twice");
            }
            position += (long)storage.Bytes;
        }
    }
}
