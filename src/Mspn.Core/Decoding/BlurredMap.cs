namespace Mspn.Core;

/// <summary>A heat map with a zero border, blurred: the common first step of the decoders.</summary>
internal sealed class BlurredMap
{
    private readonly double[] _kernel;
    private readonly int _border;
    private readonly double[] _rows;

    public BlurredMap(int height, int width, int border, int kernelSize)
    {
        _border = border;
        _kernel = GaussianKernel.OfSize(kernelSize);
        Height = height + 2 * border;
        Width = width + 2 * border;
        Values = new double[Height * Width];
        _rows = new double[Height * Width];
    }

    /// <summary>Rows including the border.</summary>
    public int Height { get; }

    /// <summary>Columns including the border.</summary>
    public int Width { get; }

    /// <summary>The blurred values, row by row.</summary>
    public double[] Values { get; }

    /// <summary>Replaces the values by the blur of a heat map of the size given at construction.</summary>
    public void Blur(ReadOnlySpan<double> map)
    {
        var width = Width - 2 * _border;
        Array.Clear(Values);
        for (var y = 0; y < Height - 2 * _border; y++)
        {
            map.Slice(y * width, width).CopyTo(Values.AsSpan((y + _border) * Width + _border));
        }
        BlurLines(Values, _rows, Height, Width, lineStep: Width, pixelStep: 1);
        BlurLines(_rows, Values, Width, Height, lineStep: 1, pixelStep: Width);
    }

    /// <summary>The blur of a heat map without its border, scaled to the old maximum: mmpose's <c>gaussian_blur</c>.</summary>
    /// <param name="map">The heat map.</param>
    /// <param name="result">Receives as many values.</param>
    public void BlurKeepingMaximum(ReadOnlySpan<double> map, Span<double> result)
    {
        Blur(map);
        var width = Width - 2 * _border;
        var (maximum, blurredMaximum) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var i = 0; i < map.Length; i++)
        {
            result[i] = Values[(i / width + _border) * Width + i % width + _border];
            maximum = Math.Max(maximum, map[i]);
            blurredMaximum = Math.Max(blurredMaximum, result[i]);
        }
        var rescale = maximum / blurredMaximum;
        foreach (ref var value in result)
        {
            value *= rescale;
        }
    }

    private void BlurLines(double[] source, double[] target, int lines, int length, int lineStep, int pixelStep)
    {
        var radius = _kernel.Length / 2;
        for (var line = 0; line < lines; line++)
        {
            var start = line * lineStep;
            for (var i = 0; i < length; i++)
            {
                // The kernel is symmetric: pairs are added before they are weighted.
                var sum = _kernel[radius] * source[start + i * pixelStep];
                for (var j = 1; j <= radius; j++)
                {
                    var before = i - j >= 0 ? i - j : GaussianKernel.Reflect101(i - j, length);
                    var after = i + j < length ? i + j : GaussianKernel.Reflect101(i + j, length);
                    sum += _kernel[radius + j] * (source[start + before * pixelStep] + source[start + after * pixelStep]);
                }
                target[start + i * pixelStep] = sum;
            }
        }
    }
}
