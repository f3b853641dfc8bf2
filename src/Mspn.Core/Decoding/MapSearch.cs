namespace Mspn.Core;

/// <summary>Looking for peaks on a map that is stored row by row.</summary>
internal static class MapSearch
{
    /// <summary>Index of the first largest value.</summary>
    public static int ArgMax(ReadOnlySpan<double> map)
    {
        var best = 0;
        for (var i = 1; i < map.Length; i++)
        {
            if (map[i] > map[best])
            {
                best = i;
            }
        }
        return best;
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
