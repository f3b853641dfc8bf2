using System.Numerics;

namespace Mspn.Core;

/// <summary>Looking for peaks on a map that is stored row by row.</summary>
internal static class MapSearch
{
    /// <summary>Index of the first largest value; 0 if one is not a number.</summary>
    public static int ArgMax(ReadOnlySpan<double> map)
    {
        var largest = Maximum(map);
        var i = 0;
        while (i <= map.Length - Vector<double>.Count && !Vector.EqualsAny(new Vector<double>(map[i..]), new Vector<double>(largest)))
        {
            i += Vector<double>.Count;
        }
        var rest = map[i..].IndexOf(largest);
        return rest < 0 ? 0 : i + rest;
    }

    /// <summary>The largest value; negative infinity of none.</summary>
    public static double Maximum(ReadOnlySpan<double> map)
    {
        var maxima = new Vector<double>(double.NegativeInfinity);
        var i = 0;
        for (; i <= map.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            maxima = Vector.Max(maxima, new Vector<double>(map[i..]));
        }
        var largest = Maximum(maxima);
        for (; i < map.Length; i++)
        {
            largest = Math.Max(largest, map[i]);
        }
        return largest;
    }

    /// <summary>The largest value.</summary>
    public static double Maximum(Vector<double> values)
    {
        var largest = values[0];
        for (var lane = 1; lane < Vector<double>.Count; lane++)
        {
            largest = Math.Max(largest, values[lane]);
        }
        return largest;
    }

    /// <summary>
    /// The direction in which values grow at an index, −1, 0 or 1, from the neighbours at a distance of <paramref name="step"/>.
    /// </summary>
    public static int Slope(ReadOnlySpan<double> map, int at, int step)
    {
        var (before, after) = (map[at - step], map[at + step]);
        return after > before ? 1 : after < before ? -1 : 0;
    }
}
