namespace Mspn.Core;

/// <summary>An array of NumPy in a checkpoint's meta data, as stored.</summary>
public sealed class NumpyArray
{
    internal NumpyArray()
    {
    }

    /// <summary>NumPy's name of the element type, such as <c>&lt;f8</c> for little-endian double precision.</summary>
    public string Type { get; private set; } = string.Empty;

    /// <summary>The shape.</summary>
    public IReadOnlyList<long> Shape { get; private set; } = [];

    /// <summary>Whether the numbers lie in column order.</summary>
    public bool IsColumnOrder { get; private set; }

    /// <summary>The numbers; empty for an array of Python objects.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>numpy.core.numeric._frombuffer(bytes, type, shape, order).</summary>
    internal static NumpyArray FromBuffer(object?[] arguments)
    {
        var array = new NumpyArray();
        if (arguments is not [byte[] data, NumpyType type, var shape, var order])
        {
            throw new InvalidDataException("an array of NumPy is described in an unknown way");
        }
        array.Set(shape, type, order is "F", data);
        return array;
    }

    /// <summary>(version, shape, type, column order, bytes or list of objects).</summary>
    internal void SetState(object? state)
    {
        if (Pickled.Sequence(state) is not [_, var shape, NumpyType type, bool columnOrder, var data])
        {
            throw new InvalidDataException("an array of NumPy is described in an unknown way");
        }
        Set(shape, type, columnOrder, data as byte[] ?? []);
    }

    private void Set(object? shape, NumpyType type, bool columnOrder, byte[] data) =>
        (Shape, Type, IsColumnOrder, Data) = (Pickled.Numbers(shape, "an array's shape"), type.ToString(), columnOrder, data);
}
