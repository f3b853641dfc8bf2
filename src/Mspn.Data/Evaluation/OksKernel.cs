using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mspn.Data;

/// <summary>
/// OKS between an annotation and a result, four keypoints at a time. Coordinates are rows padded with zeros to <see cref="Padded"/> numbers, and
/// padding counts for nothing.
/// </summary>
internal sealed class OksKernel
{
    // numpy.spacing(1), which keeps the reference from dividing by zero.
    public const double LeastArea = 1.0 / (1L << 52);

    private readonly double[] _variances;

    public OksKernel(IReadOnlyList<double> sigmas)
    {
        Keypoints = sigmas.Count;
        Padded = (Keypoints + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        _variances = new double[Padded];
        Array.Fill(_variances, 1);
        for (var k = 0; k < Keypoints; k++)
        {
            _variances[k] = sigmas[k] * 2 * (sigmas[k] * 2);
        }
    }

    public int Keypoints { get; }

    public int Padded { get; }

    /// <summary>The mean term over labelled keypoints.</summary>
    /// <param name="x">The annotation's columns.</param>
    /// <param name="y">Its rows.</param>
    /// <param name="labelled">1 where it is labelled, else 0.</param>
    /// <param name="count">How many are labelled, at least one.</param>
    /// <param name="area">The person's area.</param>
    /// <param name="foundX">The result's columns.</param>
    /// <param name="foundY">Its rows.</param>
    // What an evaluation does some hundred thousand times is compiled fully at once, here and in its other steps: most programs score once, and
    // would be done before the runtime had found out what is worth it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Similarity(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> labelled, int count, double area, ReadOnlySpan<double> foundX, ReadOnlySpan<double> foundY)
    {
        var divisor = Vector256.Create(area + LeastArea);
        var sum = Vector256<double>.Zero;
        for (var k = 0; k < Padded; k += Vector256<double>.Count)
        {
            var dx = Vector256.Create(foundX[k..]) - Vector256.Create(x[k..]);
            var dy = Vector256.Create(foundY[k..]) - Vector256.Create(y[k..]);
            var exponent = (dx * dx + dy * dy) / Vector256.Create(_variances.AsSpan(k)) / divisor * 0.5;
            sum += Vector256.Exp(-exponent) * Vector256.Create(labelled[k..]);
        }
        return Vector256.Sum(sum) / count;
    }

    /// <summary>The mean term over all keypoints, with distances to the box of twice the annotation's reach: for crowds and people without keypoints.</summary>
    public double Similarity(Core.Box box, double area, ReadOnlySpan<double> foundX, ReadOnlySpan<double> foundY)
    {
        var (left, right) = (box.X - box.Width, box.X + box.Width * 2);
        var (top, bottom) = (box.Y - box.Height, box.Y + box.Height * 2);
        var sum = 0.0;
        for (var k = 0; k < Keypoints; k++)
        {
            sum += Term(
                k,
                Math.Max(0, left - foundX[k]) + Math.Max(0, foundX[k] - right),
                Math.Max(0, top - foundY[k]) + Math.Max(0, foundY[k] - bottom),
                area);
        }
        return sum / Keypoints;
    }

    /// <summary>One keypoint's term at a distance.</summary>
    public double Term(int keypoint, double dx, double dy, double area) =>
        Math.Exp(-((dx * dx + dy * dy) / _variances[keypoint] / (area + LeastArea) / 2));
}
