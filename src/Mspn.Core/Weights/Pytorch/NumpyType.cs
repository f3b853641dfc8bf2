using System.Buffers.Binary;

namespace Mspn.Core;

/// <summary>An element type of NumPy, such as <c>&lt;f8</c>.</summary>
internal sealed class NumpyType(string code)
{
    private char _order = '<';

    public override string ToString() => code is [_, '1', ..] ? code : _order + code;

    /// <summary>numpy.dtype("f8", align, copy).</summary>
    public static NumpyType Make(object?[] arguments) => new(Pickled.Expect<string>(arguments.ElementAtOrDefault(0), "a NumPy type's name"));

    /// <summary>A number in an array of its own: numpy.core.multiarray.scalar(type, bytes). Text and objects are null.</summary>
    public static object? Scalar(object?[] arguments)
    {
        var bytes = arguments is [NumpyType, byte[] given] ? given : [];
        return (arguments.ElementAtOrDefault(0)?.ToString(), bytes.Length) switch
        {
            ("<f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ("<f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("<f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ("<i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("<i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("<i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ("i1", 1) => (long)(sbyte)bytes[0],
            ("<u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ("<u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ("u1", 1) => (long)bytes[0],
            ("b1", 1) => bytes[0] != 0,
            _ => null,
        };
    }

    /// <summary>(version, byte order, …).</summary>
    public void SetState(object? state) => _order = Pickled.Sequence(state) is [_, string { Length: 1 } order, ..] ? order[0] : _order;
}
