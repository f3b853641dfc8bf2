using System.Numerics;

namespace Mspn.Core;

/// <summary>
/// Smooths maps of one size as SciPy's <c>gaussian_filter</c> does (<c>truncate</c> 4, <c>mode</c> reflect, which repeats the edge pixel):
/// columns first, then rows, with every sum in SciPy's order.
/// </summary>
/// <remarks>Holds buffers: one instance serves one thread.</remarks>
internal sealed class GaussianFilter
{
    private const double Truncate = 4;

    // The centre's weight first, then outwards.
    private readonly double[] _weights;
    private readonly ImageSize _size;
    private readonly double[] _columns;
    private readonly double[] _line;
    private readonly double[] _values;

    public GaussianFilter(double sigma, ImageSize size)
    {
        _weights = Weights(sigma);
        _size = size;
        _columns = new double[size.Height * size.Width];
        _line = new double[size.Width + 2 * Radius];
        _values = new double[size.Height * size.Width];
    }

    private int Radius => _weights.Length - 1;

    /// <summary>The smoothed map, row by row. It is overwritten by the next call.</summary>
    public ReadOnlySpan<double> Apply(ReadOnlySpan<double> map)
    {
        var (height, width) = (_size.Height, _size.Width);
        for (var y = 0; y < height; y++)
        {
            var target = _columns.AsSpan(y * width, width);
            Scale(map.Slice(y * width, width), _weights[0], target);
            for (var j = Radius; j > 0; j--)
            {
                AddPair(
                    map.Slice(Reflect(y - j, height) * width, width), map.Slice(Reflect(y + j, height) * width, width), _weights[j], target);
            }
        }
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < _line.Length; i++)
            {
                _line[i] = _columns[y * width + Reflect(i - Radius, width)];
            }
            var target = _values.AsSpan(y * width, width);
            Scale(_line.AsSpan(Radius, width), _weights[0], target);
            for (var j = Radius; j > 0; j--)
            {
                AddPair(_line.AsSpan(Radius - j, width), _line.AsSpan(Radius + j, width), _weights[j], target);
            }
        }
        return _values;
    }

    private static double[] Weights(double sigma)
    {
        var weights = new double[(int)(Truncate * sigma + 0.5) + 1];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Exp(-0.5 / (sigma * sigma) * (i * i));
            sum += i == 0 ? weights[i] : 2 * weights[i];
        }
        return Array.ConvertAll(weights, w => w / sum);
    }

    private static int Reflect(int index, int length)
    {
        while (index < 0 || index >= length)
        {
            index = index < 0 ? -index - 1 : 2 * length - 1 - index;
        }
        return index;
    }

    private static void Scale(ReadOnlySpan<double> source, double weight, Span<double> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = weight * source[i];
        }
    }

    // target += (before + after) · weight
    private static void AddPair(ReadOnlySpan<double> before, ReadOnlySpan<double> after, double weight, Span<double> target)
    {
        var weights = new Vector<double>(weight);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var pair = new Vector<double>(before[i..]) + new Vector<double>(after[i..]);
            (new Vector<double>(target[i..]) + pair * weights).CopyTo(target[i..]);
        }
        for (; i < target.Length; i++)
        {
            target[i] += (before[i] + after[i]) * weight;
        }
    }
}
