using System.Globalization;
using System.Text.RegularExpressions;

namespace Mspn.Testing;

/// <summary>Reference maps stored as bytes, <c>[h, w, maps]</c>, brought to the order and values in which they are used.</summary>
public static partial class QuantizedMaps
{
    /// <summary>The same numbers as <c>[maps, h, w]</c>.</summary>
    /// <param name="values">Bytes as stored.</param>
    /// <param name="shape">Their shape, <c>[h, w, maps]</c>.</param>
    /// <param name="convert">From byte to value.</param>
    public static T[] MapsFirst<T>(byte[] values, long[] shape, Func<byte, T> convert)
    {
        var (area, maps) = ((int)(shape[0] * shape[1]), (int)shape[2]);
        var result = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            result[i % maps * area + i / maps] = convert(values[i]);
        }
        return result;
    }

    /// <summary>The whole numbers of a formula in their order, such as 128 and 127 of <c>(u8-128)/127.0</c>.</summary>
    public static int[] Constants(string formula) =>
        [.. ConstantPattern().Matches(formula).Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"[-/](\d+)")]
    private static partial Regex ConstantPattern();
}
