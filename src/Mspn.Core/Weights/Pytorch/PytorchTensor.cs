using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Where a checkpoint says that a storage is: numbers of one type in a row, which tensors view.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Count">Elements in all.</param>
/// <param name="Start">First element of the part that is meant, for views of storages in files of old.</param>
/// <param name="ViewCount">Elements of that part.</param>
internal sealed record PytorchStorage(string Key, ScalarType Type, long Count, long Start, long ViewCount)
{
    /// <summary>Bytes in all.</summary>
    public Int128 Bytes => (Int128)Count * WeightTypes.Size(Type);

    /// <summary>Reads a persistent id: ("storage", class, key, device, elements), and in files of old the view (key, start, elements) or None.</summary>
    public static PytorchStorage Parse(object? id)
    {
        if (id is not (object?[] and ["storage", PickleStorageClass kind, string key, _, long count, .. var rest]))
        {
            throw new InvalidDataException("it refers to something outside the pickle that is not a storage of plain numbers");
        }
        var (start, viewCount) = rest switch
        {
            [] or [null] => (0, count),
            [object?[] and [_, long first, long elements]] => (first, elements),
            _ => throw new InvalidDataException($"the view of storage '{key}' is not understood"),
        };
        return count >= 0 && start >= 0 && viewCount >= 0 && start <= count - viewCount
            ? new PytorchStorage(key, kind.Type, count, start, viewCount)
            : throw new InvalidDataException($"storage '{key}' has an impossible size");
    }
}

/// <summary>A tensor of a checkpoint: a view of a storage.</summary>
internal sealed class PytorchTensor : WeightEntry
{
    private PytorchTensor(PytorchStorage storage, long start, long[] shape, long[] strides, long extent)
        : base(storage.Type, shape)
    {
        (Storage, Start, Strides, Extent) = (storage, start, strides, extent);
    }

    public PytorchStorage Storage { get; }

    /// <summary>First element in the storage.</summary>
    public long Start { get; }

    /// <summary>Elements from one index to the next; 1 where there is only one index.</summary>
    public long[] Strides { get; }

    /// <summary>Elements from the first to the last in the storage, both included; 0 for an empty tensor.</summary>
    public long Extent { get; }

    /// <summary>Bytes of the numbers when they lie in one piece.</summary>
    public long Size => Bytes(Type, Shape)!.Value;

    /// <summary>Whether the numbers lie in row order without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }
                expected *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>The arguments of PyTorch's own function: storage, first element, shape, strides; the rest is of no use here.</summary>
    public static PytorchTensor Rebuild(object?[] arguments)
    {
        if (arguments is not [PytorchStorage storage, long offset, var size, var stride, ..])
        {
            throw new InvalidDataException("a tensor is described in an unknown way");
        }
        var (shape, strides) = (Pickled.Numbers(size, "a tensor's size"), Pickled.Numbers(stride, "a tensor's stride"));
        if (offset < 0 || strides.Length != shape.Length || strides.Any(s => s < 0) || Bytes(storage.Type, shape) is not { } bytes)
        {
            throw new InvalidDataException(
                $"a tensor has the impossible shape [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}] from {offset}");
        }
        Int128 extent = bytes == 0 ? 0 : 1;
        for (var i = 0; i < shape.Length && bytes > 0; i++)
        {
            strides[i] = shape[i] == 1 ? 1 : strides[i];
            extent += (Int128)(shape[i] - 1) * strides[i];
        }
        return extent == 0 || offset + extent <= storage.ViewCount
            ? new PytorchTensor(storage, storage.Start + offset, shape, strides, (long)extent)
            : throw new InvalidDataException(
                $"a tensor of shape [{string.Join(", ", shape)}] from {offset} lies outside storage '{storage.Key}' of {storage.ViewCount}");
    }
}
