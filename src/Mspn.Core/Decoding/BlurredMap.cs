using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mspn.Core;

/// <summary>
/// A heat map with a border of zeros, blurred: the common first step of the decoders. Only what the blur reaches is computed and kept; the rest of the
/// border is zero. Rents its buffers; dispose it.
/// </summary>
/// <remarks>One instance serves maps of one size, one after another, on one thread.</remarks>
internal sealed class BlurredMap : IDisposable
{
    private readonly ImageSize _map;
    private readonly double[] _kernel;
    private readonly int _border;
    private readonly int _reach;
    private readonly int _height;
    private readonly int _width;
    private readonly double[] _line;
    private readonly double[] _rows;
    private readonly double[] _values;
    private readonly double[] _rowMaxima;

    private BlurredMap(ImageSize map, int kernelSize, int border, int reach)
    {
        (_map, _border, _reach) = (map, border, reach);
        _kernel = GaussianKernel.OfSize(kernelSize);
        (_height, _width) = (map.Height + 2 * reach, map.Width + 2 * reach);
        _line = ArrayPool<double>.Shared.Rent(_width + 2 * Radius);
        _rows = ArrayPool<double>.Shared.Rent((_height + 2 * Radius) * _width);
        _values = ArrayPool<double>.Shared.Rent(_height * _width);
        _rowMaxima = ArrayPool<double>.Shared.Rent(_height);
        Array.Clear(_line);
        Array.Clear(_rows);
    }

    private int Radius => _kernel.Length / 2;

    // Whether the blur sees the mirror image of the map beyond the border.
    private bool Mirrors => _reach == _border && Radius >= _border;

    /// <summary>For maps whose border may hold the maximum.</summary>
    public static BlurredMap WithBorder(ImageSize map, int kernelSize, int border) =>
        new(map, kernelSize, border, Math.Min(border, kernelSize / 2));

    /// <summary>For maps whose border is not looked at.</summary>
    public static BlurredMap WithoutBorder(ImageSize map, int kernelSize) => new(map, kernelSize, border: int.MaxValue, reach: 0);

    /// <summary>Replaces the values by the blur of a heat map of the size given at construction.</summary>
    /// <param name="map">The heat map.</param>
    /// <param name="maxima">
    /// How often <see cref="TakeMaximum"/> will be called: rows that cannot hold any of so many maxima are left out. Default: none is.
    /// </param>
    public void Blur<T>(ReadOnlySpan<T> map, int maxima = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Mirrors || !BlurHighest(map, maxima))
        {
            BlurAll(map);
        }
    }

    private void BlurAll<T>(ReadOnlySpan<T> map)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var y = 0; y < _map.Height; y++)
        {
            BlurAlong(map, y);
        }
        for (var i = 1; Mirrors && i <= Radius; i++)
        {
            Row(Radius + GaussianKernel.Reflect101(-i, _height)).CopyTo(Row(Radius - i));
            Row(Radius + GaussianKernel.Reflect101(_height - 1 + i, _height)).CopyTo(Row(Radius + _height - 1 + i));
        }
        for (var y = 0; y < _height; y++)
        {
            BlurAcross(y);
        }
    }

    // The blur is a mean, so no value exceeds the largest that it sees: after the rows that see the map's maximum, only those are done that see a value as
    // large as the maxima found there. False if that says nothing.
    private bool BlurHighest<T>(ReadOnlySpan<T> map, int maxima)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The last digits of a mean may be rounded up.
        const double slack = 1e-12;
        const double singleSlack = 1e-6;
        var peak = MapSearch.Maximum(map);
        if (maxima > 2 * Radius + 1 || maxima > _height || !(T.IsFinite(peak) && peak > T.Zero))
        {
            return false;
        }
        Array.Fill(_rowMaxima, double.NegativeInfinity, 0, _height);
        Span<bool> along = stackalloc bool[_map.Height];
        BlurAround(map, MapSearch.ArgMax(map) / _map.Width, along);
        // Rounded to single precision it may become larger by more.
        var least = T.CreateTruncating(Highest(maxima) * (1 - (typeof(T) == typeof(float) ? singleSlack : slack)));
        if (!(least > T.Zero))
        {
            return false; // the zeros of the border count too
        }
        for (var y = 0; y < _map.Height; y++)
        {
            if (MapSearch.FirstAtLeast(map.Slice(y * _map.Width, _map.Width), least) >= 0)
            {
                BlurAround(map, y, along);
            }
        }
        return true;
    }

    // Does all rows that see a row of the map.
    private void BlurAround<T>(ReadOnlySpan<T> map, int y, Span<bool> along)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = Math.Max(0, y + _reach - Radius); row <= Math.Min(_height - 1, y + _reach + Radius); row++)
        {
            if (_rowMaxima[row] > double.NegativeInfinity)
            {
                continue;
            }
            for (var seen = Math.Max(0, row - _reach - Radius); seen <= Math.Min(_map.Height - 1, row - _reach + Radius); seen++)
            {
                if (!along[seen])
                {
                    along[seen] = true;
                    BlurAlong(map, seen);
                }
            }
            BlurAcross(row);
        }
    }

    // The last of so many highest maxima of rows.
    private double Highest(int count)
    {
        Span<double> best = stackalloc double[count];
        best.Fill(double.NegativeInfinity);
        foreach (var maximum in _rowMaxima.AsSpan(0, _height))
        {
            for (var (i, value) = (0, maximum); i < count && value > best[^1]; i++)
            {
                if (value > best[i])
                {
                    (best[i], value) = (value, best[i]);
                }
            }
        }
        return best[^1];
    }

    private void BlurAlong<T>(ReadOnlySpan<T> map, int y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var offset = _reach + Radius;
        MapValues.Widen(map.Slice(y * _map.Width, _map.Width), _line.AsSpan(offset));
        for (var i = 1; Mirrors && i <= Radius; i++)
        {
            _line[Radius - i] = _line[Radius + GaussianKernel.Reflect101(-i, _width)];
            _line[Radius + _width - 1 + i] = _line[Radius + GaussianKernel.Reflect101(_width - 1 + i, _width)];
        }
        Filter(_line, Radius, step: 1, Row(y + offset));
    }

    private void BlurAcross(int row) => _rowMaxima[row] = Filter(_rows, (row + Radius) * _width, step: _width, _values.AsSpan(row * _width, _width));

    /// <summary>The blur of a heat map without its border, scaled to the old maximum: mmpose's <c>gaussian_blur</c>.</summary>
    /// <param name="map">The heat map.</param>
    /// <returns>As many values; the next call overwrites them.</returns>
    public ReadOnlySpan<double> BlurKeepingMaximum(ReadOnlySpan<double> map)
    {
        Blur(map);
        var rescale = MapSearch.Maximum(map) / MapSearch.Maximum<double>(_rowMaxima.AsSpan(0, _height));
        var values = _values.AsSpan(0, map.Length);
        foreach (ref var value in values)
        {
            value *= rescale;
        }
        return values;
    }

    /// <summary>The first largest value of the map with its border, which becomes 0.</summary>
    /// <returns>Its column and row; the map begins at 0.</returns>
    public (int X, int Y) TakeMaximum()
    {
        var row = MapSearch.ArgMax<double>(_rowMaxima.AsSpan(0, _height));
        if (!(_rowMaxima[row] > 0) && _reach < _border)
        {
            return (-_border, -_border);
        }
        var values = _values.AsSpan(row * _width, _width);
        var column = MapSearch.ArgMax<double>(values);
        values[column] = 0;
        _rowMaxima[row] = MapSearch.Maximum<double>(values);
        return (column - _reach, row - _reach);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_line);
        ArrayPool<double>.Shared.Return(_rows);
        ArrayPool<double>.Shared.Return(_values);
        ArrayPool<double>.Shared.Return(_rowMaxima);
    }

    private Span<double> Row(int index) => _rows.AsSpan(index * _width, _width);

    // Sums neighbours at multiples of a step; returns the largest sum. The kernel is symmetric: pairs are added before they are weighted. Products
    // are rounded before they are added, so that all machines agree.
    private double Filter(double[] source, int start, int step, Span<double> target)
    {
        ReadOnlySpan<double> weights = _kernel.AsSpan(Radius);
        // Loads below are unchecked: the first and the last of them are within the source.
        _ = source[start - Radius * step];
        _ = source[start + target.Length - 1 + Radius * step];
        ref var center = ref source[start];
        ref var result = ref MemoryMarshal.GetReference(target);
        var last = target.Length - Vector<double>.Count;
        var maxima = new Vector<double>(double.NegativeInfinity);
        var i = 0;
        if (weights.Length == 3)
        {
            // The decoders' usual kernel of five: everything stays in registers.
            var (w0, w1, w2) = (new Vector<double>(weights[0]), new Vector<double>(weights[1]), new Vector<double>(weights[2]));
            for (; i <= last; i += Vector<double>.Count)
            {
                ref var at = ref Unsafe.Add(ref center, i);
                var sum = w0 * Vector.LoadUnsafe(ref at) + w1 * Pair(ref at, step) + w2 * Pair(ref at, 2 * step);
                sum.StoreUnsafe(ref Unsafe.Add(ref result, i));
                maxima = Vector.Max(maxima, sum);
            }
        }
        for (; i <= last; i += Vector<double>.Count)
        {
            ref var at = ref Unsafe.Add(ref center, i);
            var sum = new Vector<double>(weights[0]) * Vector.LoadUnsafe(ref at);
            for (var j = 1; j < weights.Length; j++)
            {
                sum += new Vector<double>(weights[j]) * Pair(ref at, j * step);
            }
            sum.StoreUnsafe(ref Unsafe.Add(ref result, i));
            maxima = Vector.Max(maxima, sum);
        }
        var largest = MapSearch.Maximum(maxima);
        for (; i < target.Length; i++)
        {
            var sum = weights[0] * source[start + i];
            for (var j = 1; j < weights.Length; j++)
            {
                sum += weights[j] * (source[start + i - j * step] + source[start + i + j * step]);
            }
            target[i] = sum;
            largest = Math.Max(largest, sum);
        }
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Pair(ref double at, int distance) =>
        Vector.LoadUnsafe(ref Unsafe.Add(ref at, -distance)) + Vector.LoadUnsafe(ref Unsafe.Add(ref at, distance));
}
