using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>A NumPy array file (<c>.npy</c>), such as other codes write predictions and head boxes to.</summary>
/// <remarks>
/// Format: <c>numpy/lib/format.py</c>, versions 1 to 3. Read are booleans, integers and floating-point numbers, little-endian and in C order, which is what
/// <c>numpy.save</c> writes of contiguous arrays. Everything else is refused by name; objects, which need a pickle, too. Nothing is allocated on the word
/// of the header alone: it must tell exactly the size that the file has.
/// </remarks>
public sealed partial class NpyFile
{
    // NumPy itself writes headers of about a hundred bytes.
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private NpyFile(string path, string type, IReadOnlyList<int> shape, double[] values)
    {
        SourcePath = path;
        Type = type;
        Shape = shape;
        Values = values;
    }

    /// <summary>The file.</summary>
    public string SourcePath { get; }

    /// <summary>The type as the file names it, such as <c>&lt;f4</c> or <c>|b1</c>.</summary>
    public string Type { get; }

    /// <summary>Length of every dimension; empty for a single number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>All numbers, row by row; booleans are 0 and 1. Integers beyond 2⁵³ are rounded.</summary>
    public double[] Values { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PoseDataException">The file is missing, damaged, or holds something that is not read here.</exception>
    public static NpyFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (EndOfStreamException e)
        {
            throw new PoseDataException(path, "the file ends within its header.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(path, "NumPy file", e);
        }
    }

    /// <summary>Makes sure that the array has a shape.</summary>
    /// <param name="what">What the array holds, for the error, such as "head boxes".</param>
    /// <param name="expected">Length of every dimension; −1 for any.</param>
    /// <returns>This array.</returns>
    /// <exception cref="PoseDataException">It has another.</exception>
    public NpyFile OfShape(string what, params ReadOnlySpan<int> expected)
    {
        var fits = expected.Length == Shape.Count;
        for (var i = 0; fits && i < expected.Length; i++)
        {
            fits = expected[i] == -1 || expected[i] == Shape[i];
        }
        if (!fits)
        {
            var wanted = string.Join(", ", expected.ToArray().Select(n => n == -1 ? "any" : n.ToString(CultureInfo.InvariantCulture)));
            throw new PoseDataException(SourcePath, $"{what} must have the shape [{wanted}], not [{string.Join(", ", Shape)}].");
        }
        return this;
    }

    private static NpyFile Read(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..10]);
        if (!start[..6].SequenceEqual(Signature))
        {
            throw new PoseDataException(path, "this is not a NumPy file: it does not begin with its signature.");
        }
        uint length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] is 2 or 3)
        {
            stream.ReadExactly(start[10..]);
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        else if (start[6] != 1)
        {
            throw new PoseDataException(path, $"version {start[6]} of NumPy's format is not known.");
        }
        if (length > LongestHeader || length > stream.Length - stream.Position)
        {
            throw new PoseDataException(path, $"its header claims {length} bytes.");
        }
        var header = new byte[length];
        stream.ReadExactly(header);
        var (type, shape) = Parse(Encoding.UTF8.GetString(header), path);
        var size = SizeOf(type, path);
        var left = stream.Length - stream.Position;
        if (left > Array.MaxLength)
        {
            throw new PoseDataException(path, $"an array of {left} bytes is too large to be read.");
        }
        var count = 1L;
        foreach (var n in shape)
        {
            // A length and the product so far both fit an int, so this cannot overflow.
            count *= n;
            if (count > left)
            {
                break;
            }
        }
        if (count > left || count * size != left)
        {
            throw new PoseDataException(path, $"an array [{string.Join(", ", shape)}] of {type} does not fill the {left} bytes that follow the header.");
        }
        var bytes = new byte[left];
        stream.ReadExactly(bytes);
        return new NpyFile(path, type, shape, Convert(bytes, type));
    }

    private static (string Type, int[] Shape) Parse(string header, string path)
    {
        var (type, order, shape) = (TypePattern().Match(header), OrderPattern().Match(header), ShapePattern().Match(header));
        if (!order.Success || !shape.Success)
        {
            throw new PoseDataException(path, $"its header cannot be read: {header.Trim()}.");
        }
        if (!type.Success)
        {
            throw new PoseDataException(path, $"records are not read, only arrays of numbers: {header.Trim()}.");
        }
        if (order.Groups[1].Value == "True")
        {
            throw new PoseDataException(path, "arrays in Fortran order are not read; numpy.ascontiguousarray before numpy.save gives C order.");
        }
        var lengths = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var numbers = new int[lengths.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new PoseDataException(path, $"its header claims the shape ({shape.Groups[1].Value}).");
            }
        }
        return (type.Groups[1].Value, numbers);
    }

    private static int SizeOf(string type, string path) => type switch
    {
        "|b1" or "|u1" or "|i1" => 1,
        "<f2" or "<u2" or "<i2" => 2,
        "<f4" or "<u4" or "<i4" => 4,
        "<f8" or "<u8" or "<i8" => 8,
        _ => throw new PoseDataException(
            path, $"numbers of the type {type} are not read, only booleans and little-endian integers (1 to 8 bytes) and floats (2, 4 or 8)."),
    };

    private static double[] Convert(byte[] bytes, string type) => type switch
    {
        "|b1" or "|u1" => As<byte>(bytes),
        "|i1" => As<sbyte>(bytes),
        "<f2" => As<Half>(bytes),
        "<u2" => As<ushort>(bytes),
        "<i2" => As<short>(bytes),
        "<f4" => As<float>(bytes),
        "<u4" => As<uint>(bytes),
        "<i4" => As<int>(bytes),
        "<f8" => As<double>(bytes),
        "<u8" => As<ulong>(bytes),
        _ => As<long>(bytes),
    };

    // As everywhere in the library, the machine is taken to be little-endian.
    private static double[] As<T>(byte[] bytes)
        where T : unmanaged, INumber<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        var values = new double[numbers.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateTruncating(numbers[i]);
        }
        return values;
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}
