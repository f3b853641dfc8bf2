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
    public void Blur(ReadOnlySpan<double> map)
    {
        var offset = _reach + Radius;
        for (var y = 0; y < _map.Height; y++)
        {
            map.Slice(y * _map.Width, _map.Width).CopyTo(_line.AsSpan(offset));
            for (var i = 1; Mirrors && i <= Radius; i++)
            {
                _line[Radius - i] = _line[Radius + GaussianKernel.Reflect101(-i, _width)];
                _line[Radius + _width - 1 + i] = _line[Radius + GaussianKernel.Reflect101(_width - 1 + i, _width)];
            }
            Filter(_line, Radius, step: 1, Row(y + offset));
        }
        for (var i = 1; Mirrors && i <= Radius; i++)
        {
            Row(Radius + GaussianKernel.Reflect101(-i, _height)).CopyTo(Row(Radius - i));
            Row(Radius + GaussianKernel.Reflect101(_height - 1 + i, _height)).CopyTo(Row(Radius + _height - 1 + i));
        }
        for (var y = 0; y < _height; y++)
        {
            var values = _values.AsSpan(y * _width, _width);
            _rowMaxima[y] = Filter(_rows, (y + Radius) * _width, step: _width, values);
        }
    }

    /// <summary>The blur of a heat map without its border, scaled to the old maximum: mmpose's <c>gaussian_blur</c>.</summary>
    /// <param name="map">The heat map.</param>
    /// <returns>As many values; the next call overwrites them.</returns>
    public ReadOnlySpan<double> BlurKeepingMaximum(ReadOnlySpan<double> map)
    {
        Blur(map);
        var rescale = MapSearch.Maximum(map) / MapSearch.Maximum(_rowMaxima.AsSpan(0, _height));
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
        var row = MapSearch.ArgMax(_rowMaxima.AsSpan(0, _height));
        if (!(_rowMaxima[row] > 0) && _reach < _border)
        {
            return (-_border, -_border);
        }
        var values = _values.AsSpan(row * _width, _width);
        var column = MapSearch.ArgMax(values);
        values[column] = 0;
        _rowMaxima[row] = MapSearch.Maximum(values);
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
