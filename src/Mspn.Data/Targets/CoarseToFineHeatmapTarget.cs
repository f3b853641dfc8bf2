using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Heat maps to train against, one set per Gaussian kernel, from the widest to the narrowest: the third idea of MSPN
/// (Li et al. 2019, section 3.3). <see cref="CoarseToFine"/> says which stage and scale is supervised by which.
/// </summary>
/// <remarks>
/// As the official code does it (<c>JointsDataset.generate_heatmap</c>): a single 1 at the truncated position, blurred as OpenCV's
/// <c>GaussianBlur</c> with that kernel size does (its edges mirror without repeating), scaled so that the largest value is
/// <see cref="Peak"/>. Immutable and safe to share between threads.
/// </remarks>
public sealed class CoarseToFineHeatmapTarget
{
    private readonly double[][] _kernels;

    /// <summary>Creates the target.</summary>
    /// <param name="kernels">Odd kernel sizes in heat-map cells, the widest first; at least as many as a network has scales. Default the
    /// official <c>[15, 11, 9, 7, 5]</c>.</param>
    /// <param name="peak">
    /// Largest value of every map. Default 255. This is not cosmetic: heads end in a batch normalisation whose outputs start with a
    /// standard deviation of 1, and with a peak of 1 training first has to shrink its weights to almost nothing and then hardly learns.
    /// </param>
    /// <exception cref="ArgumentException">A kernel is even, there is none, or the peak is not positive.</exception>
    public CoarseToFineHeatmapTarget(IReadOnlyList<int>? kernels = null, double peak = 255)
    {
        Kernels = kernels ?? [15, 11, 9, 7, 5];
        if (Kernels.Count == 0)
        {
            throw new ArgumentException("At least one kernel is needed.", nameof(kernels));
        }
        if (!(peak > 0) || !double.IsFinite(peak))
        {
            throw new ArgumentOutOfRangeException(nameof(peak), peak, "The peak must be positive.");
        }
        _kernels = [.. Kernels.Select(GaussianKernel.OfSize)];
        Peak = peak;
    }

    /// <summary>Kernel sizes, the widest first.</summary>
    public IReadOnlyList<int> Kernels { get; }

    /// <summary>Largest value of every map.</summary>
    public double Peak { get; }

    /// <summary>The kernel size that supervises a stage and a scale.</summary>
    public int KernelFor(int stage, int stages, int scale, int scales) =>
        Kernels[CoarseToFine.KernelIndex(stage, stages, scale, scales, Kernels.Count)];

    /// <summary>Fills the maps of one person.</summary>
    /// <param name="keypoints">Keypoints in crop pixels. One with a visibility below 1 or outside the crop gets maps of zeros.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of each map.</param>
    /// <param name="target"><c>[L, K, h, w]</c>, written completely.</param>
    public void Encode(IReadOnlyList<Keypoint> keypoints, ImageSize crop, ImageSize map, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        var area = map.Height * map.Width;
        if (target.Length != _kernels.Length * keypoints.Count * area)
        {
            throw new ArgumentException(
                $"{_kernels.Length} × {keypoints.Count} maps of {map} need {_kernels.Length * keypoints.Count * area} values, not {target.Length}.",
                nameof(target));
        }
        target.Clear();
        for (var k = 0; k < keypoints.Count; k++)
        {
            var keypoint = keypoints[k];
            if (keypoint.Visibility < 1)
            {
                continue;
            }
            // The cast cuts towards zero, as Python's int does.
            var x = (int)(keypoint.X * map.Width / crop.Width);
            var y = (int)(keypoint.Y * map.Height / crop.Height);
            if (x < 0 || y < 0 || x >= map.Width || y >= map.Height)
            {
                continue;
            }
            for (var l = 0; l < _kernels.Length; l++)
            {
                Draw(_kernels[l], x, y, map, target.Slice((l * keypoints.Count + k) * area, area));
            }
        }
    }

    private void Draw(double[] kernel, int x, int y, ImageSize map, Span<float> target)
    {
        Span<double> column = stackalloc double[kernel.Length];
        Span<double> row = stackalloc double[kernel.Length];
        var left = Response(kernel, x, map.Width, column);
        var top = Response(kernel, y, map.Height, row);
        var scale = Peak / (Largest(column) * Largest(row));
        for (var j = 0; j < row.Length && top + j < map.Height; j++)
        {
            for (var i = 0; i < column.Length && left + i < map.Width; i++)
            {
                target[(top + j) * map.Width + left + i] = (float)(row[j] * column[i] * scale);
            }
        }
    }

    // What a single 1 at `position` becomes when a line of `length` pixels is blurred, from the returned pixel on.
    private static int Response(double[] kernel, int position, int length, Span<double> response)
    {
        var radius = kernel.Length / 2;
        var first = Math.Max(0, position - radius);
        response.Clear();
        for (var i = 0; i < response.Length && first + i < length; i++)
        {
            for (var tap = -radius; tap <= radius; tap++)
            {
                if (GaussianKernel.Reflect101(first + i + tap, length) == position)
                {
                    response[i] += kernel[tap + radius];
                }
            }
        }
        return first;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }
        return largest;
    }
}
