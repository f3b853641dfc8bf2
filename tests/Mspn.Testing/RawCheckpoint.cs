using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Mspn.Core;

namespace Mspn.Testing;

/// <summary>PyTorch checkpoints put together byte by byte. Each character of a pickle's code is a byte.</summary>
public static class RawCheckpoint
{
    private const string Start = "\x80\x02";

    public static byte[] Code(string code) => Encoding.Latin1.GetBytes(code);

    /// <summary>Code that puts a text on the stack.</summary>
    public static string Text(string text) => "X" + Number32((uint)Encoding.UTF8.GetByteCount(text)) + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Code that puts a number on the stack.</summary>
    public static string Number(long number) => "\x8a\x08" + Encoding.Latin1.GetString(BitConverter.GetBytes(number));

    /// <summary>Code that puts a number of double precision on the stack.</summary>
    public static string Number(double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        return "G" + Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Code that puts a dictionary on the stack, given its items' keys and code.</summary>
    public static string Dictionary(params IEnumerable<(string Key, string Code)> items) =>
        $"}}({string.Concat(items.Select(item => Text(item.Key) + item.Code))}u";

    /// <summary>Code that puts a list on the stack, given its items' code.</summary>
    public static string List(params IEnumerable<string> items) => $"]({string.Concat(items)}e";

    public static string Tuple(params IEnumerable<long> numbers) => $"({string.Concat(numbers.Select(Number))}t";

    /// <summary>Code that puts a tensor of single precision on the stack.</summary>
    public static string Tensor(string key, long count, long[] shape, long[] strides, long start = 0, string type = "FloatStorage", bool legacy = false) =>
        $"ctorch._utils\n_rebuild_tensor_v2\n(({Text("storage")}ctorch\n{type}\n{Text(key)}{Text("cpu")}{Number(count)}{(legacy ? "N" : "")}tQ"
        + $"{Number(start)}{Tuple(shape)}{Tuple(strides)}\x89}}tR";

    public static byte[] Zip(string code, params IEnumerable<(string Key, byte[] Bytes)> storages) =>
        Zip([("a/data.pkl", Code($"{Start}{code}.")), .. storages.Select(s => ($"a/data/{s.Key}", s.Bytes))]);

    public static byte[] Zip(IEnumerable<(string Name, byte[] Bytes)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    public static byte[] Legacy(string code, params (string Key, float[] Numbers)[] storages) =>
    [
        .. Code($"{Start}\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."), .. Code($"{Start}{Number(1001)}."),
        .. Code($"{Start}}}{Text("little_endian")}\x88s."), .. Code($"{Start}{code}."),
        .. Code($"{Start}]({string.Concat(storages.Select(s => Text(s.Key)))}e."),
        .. storages.SelectMany(s => (byte[])[.. BitConverter.GetBytes((long)s.Numbers.Length), .. Bytes(s.Numbers)]),
    ];

    public static byte[] Bytes(params float[] numbers) => MemoryMarshal.AsBytes<float>(numbers).ToArray();

    public static WeightFile Open(byte[] content) => WeightFile.Open("raw", new MemoryStream(content));

    private static string Number32(uint number) => Encoding.Latin1.GetString(BitConverter.GetBytes(number));
}
