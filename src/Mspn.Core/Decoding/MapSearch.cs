using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mspn.Core;

/// <summary>Looking for peaks on a map that is stored row by row.</summary>
internal static class MapSearch
{
    /// <summary>Index of the first largest value; 0 if one is not a number.</summary>
    public static int ArgMax<T>(ReadOnlySpan<T> map)
        where T : unmanaged, IFloatingPointIeee754<T> => Math.Max(0, FirstAtLeast(map, Maximum(map)));

    /// <summary>The largest value; negative infinity of none, not a number if one is.</summary>
    public static T Maximum<T>(ReadOnlySpan<T> map)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var first = ref MemoryMarshal.GetReference(map);
        var lanes = Vector<T>.Count;
        var maxima = new Vector<T>(T.NegativeInfinity);
        var i = 0;
        // Four at a time, since each comparison waits for the one before.
        var (second, third, fourth) = (maxima, maxima, maxima);
        for (; i <= map.Length - 4 * lanes; i += 4 * lanes)
        {
            ref var at = ref Unsafe.Add(ref first, i);
            maxima = Vector.Max(maxima, Vector.LoadUnsafe(ref at));
            second = Vector.Max(second, Vector.LoadUnsafe(ref Unsafe.Add(ref at, lanes)));
            third = Vector.Max(third, Vector.LoadUnsafe(ref Unsafe.Add(ref at, 2 * lanes)));
            fourth = Vector.Max(fourth, Vector.LoadUnsafe(ref Unsafe.Add(ref at, 3 * lanes)));
        }
        maxima = Vector.Max(Vector.Max(maxima, second), Vector.Max(third, fourth));
        for (; i <= map.Length - lanes; i += lanes)
        {
            maxima = Vector.Max(maxima, Vector.LoadUnsafe(ref Unsafe.Add(ref first, i)));
        }
        var largest = Maximum(maxima);
        for (; i < map.Length; i++)
        {
            largest = T.Max(largest, map[i]);
        }
        return largest;
    }

    /// <summary>Index of the first value that is as large as a limit, or larger; −1 if none is.</summary>
    public static int FirstAtLeast<T>(ReadOnlySpan<T> map, T limit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var first = ref MemoryMarshal.GetReference(map);
        var limits = new Vector<T>(limit);
        var i = 0;
        while (i <= map.Length - Vector<T>.Count && !Vector.GreaterThanOrEqualAny(Vector.LoadUnsafe(ref Unsafe.Add(ref first, i)), limits))
        {
            i += Vector<T>.Count;
        }
        for (; i < map.Length; i++)
        {
            if (map[i] >= limit)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The largest value.</summary>
    public static T Maximum<T>(Vector<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = values[0];
        for (var lane = 1; lane < Vector<T>.Count; lane++)
        {
            largest = T.Max(largest, values[lane]);
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
