using System.Numerics;

namespace Mspn.Core;

/// <summary>Looking for peaks on a map that is stored row by row.</summary>
internal static class MapSearch
{
    /// <summary>Index of the first largest value; 0 if one is not a number.</summary>
    public static int ArgMax(ReadOnlySpan<double> map) => Math.Max(0, map.IndexOf(Maximum(map)));

    /// <summary>The largest value.</summary>
    public static double Maximum(ReadOnlySpan<double> map)
    {
        var i = 0;
        var largest = double.NegativeInfinity;
        if (map.Length >= Vector<double>.Count)
        {
            var maxima = new Vector<double>(map);
            for (i = Vector<double>.Count; i <= map.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                maxima = Vector.Max(maxima, new Vector<double>(map[i..]));
            }
            for (var lane = 0; lane < Vector<double>.Count; lane++)
            {
                largest = Math.Max(largest, maxima[lane]);
            }
        }
        for (; i < map.Length; i++)
        {
            largest = Math.Max(largest, map[i]);
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
