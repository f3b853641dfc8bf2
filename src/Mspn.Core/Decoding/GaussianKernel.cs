using System.Runtime.CompilerServices;

namespace Mspn.Core;

/// <summary>OpenCV's one-dimensional Gaussian kernels for a size alone (<c>cv2.getGaussianKernel(size, 0)</c>).</summary>
public static class GaussianKernel
{
    /// <summary>The weights for a kernel of <paramref name="size"/> taps; they sum to 1.</summary>
    /// <param name="size">Odd, at least 1. Sizes 1 to 9 come from OpenCV's tables (9: OpenCV 4.6), larger ones from
    /// <c>sigma = 0.3·((size − 1)·0.5 − 1) + 0.8</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or below 1.</exception>
    public static double[] OfSize(int size) => CheckedSize(size) switch
    {
        1 => [1],
        3 => [0.25, 0.5, 0.25],
        5 => [0.0625, 0.25, 0.375, 0.25, 0.0625],
        7 => [0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125],
        9 => [4 / 256.0, 13 / 256.0, 30 / 256.0, 51 / 256.0, 60 / 256.0, 51 / 256.0, 30 / 256.0, 13 / 256.0, 4 / 256.0],
        _ => FromSigma(size, 0.3 * ((size - 1) * 0.5 - 1) + 0.8),
    };

    /// <summary>Index of a pixel beyond an edge, mirrored without repeating the edge pixel (OpenCV's reflect-101 border).</summary>
    /// <param name="index">Any index.</param>
    /// <param name="length">Number of pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no pixel.</exception>
    public static int Reflect101(int index, int length)
    {
        if (length <= 1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            return 0;
        }
        while (index < 0 || index >= length)
        {
            index = index < 0 ? -index : 2 * (length - 1) - index;
        }
        return index;
    }

    /// <summary>Gives a size back if there are kernels of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or below 1.</exception>
    internal static int CheckedSize(int size, [CallerArgumentExpression(nameof(size))] string? name = null) => size >= 1 && size % 2 == 1
        ? size
        : throw new ArgumentOutOfRangeException(name, size, "A Gaussian kernel has an odd number of taps, at least 1.");

    private static double[] FromSigma(int size, double sigma)
    {
        var weights = new double[size];
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            var x = i - (size - 1) * 0.5;
            weights[i] = Math.Exp(-0.5 * x * x / (sigma * sigma));
            sum += weights[i];
        }
        for (var i = 0; i < size; i++)
        {
            weights[i] /= sum;
        }
        return weights;
    }
}
