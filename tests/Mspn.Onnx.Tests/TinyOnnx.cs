using System.Runtime.InteropServices;
using System.Text;

namespace Mspn.Onnx.Tests;

/// <summary>Writes an ONNX file by hand: a model that gives the same output whatever its input is.</summary>
internal static class TinyOnnx
{
    private const int Float = 1;

    /// <summary>The file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="input">The input's shape; -1 for any.</param>
    /// <param name="values">What the model gives.</param>
    /// <param name="shape">The shape of it.</param>
    /// <param name="inputs">How many inputs of that shape it has.</param>
    /// <param name="inputType">The inputs' element type, ONNX's number.</param>
    public static void Write(string path, int[] input, float[] values, int[] shape, int inputs = 1, int inputType = Float)
    {
        byte[] graph =
        [
            .. Field(1, [.. Text(1, "boxes"), .. Text(2, "output"), .. Text(4, "Identity")]),
            .. Text(2, "tiny"),
            .. Field(5, [.. shape.SelectMany(d => Number(1, d)), .. Number(2, Float), .. Text(8, "boxes"), .. Field(9, MemoryMarshal.AsBytes<float>(values).ToArray())]),
            .. Enumerable.Range(0, inputs).SelectMany(i => Field(11, Value($"images{i}", inputType, input))),
            .. Field(12, Value("output", Float, shape)),
        ];
        File.WriteAllBytes(path, [.. Number(1, 8), .. Field(7, graph), .. Field(8, Number(2, 13))]);
    }

    private static byte[] Value(string name, int type, int[] shape) =>
    [
        .. Text(1, name),
        .. Field(2, Field(1, [.. Number(1, type), .. Field(2, [.. shape.SelectMany((d, i) => Field(1, d < 0 ? Text(2, $"any{i}") : Number(1, d)))])])),
    ];

    private static byte[] Number(int field, long value) => [.. Variable(field << 3), .. Variable(value)];

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Variable(field << 3 | 2), .. Variable(content.Length), .. content];

    private static IEnumerable<byte> Variable(long value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value & 0x7F | 0x80);
        }
        yield return (byte)value;
    }
}
