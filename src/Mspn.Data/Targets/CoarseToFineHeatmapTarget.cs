using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Heat maps to train against, one set per Gaussian kernel, from the widest to the narrowest: the third idea of MSPN
/// (Li et al. 2019, section 3.3). <see cref="CoarseToFine"/> says which stage and scale is supervised by which.
/// </summary>
/// <remarks>
/// As the official code does it (<c>JointsDataset.generate_heatmap</c>): a single 1 at the truncated position, blurred as OpenCV's
/// <c>GaussianBlur</c> with that kernel size does (its edges mirror without repeating), scaled so that the largest value is
/// <see cref="Peak"/>; <see cref="Convention"/> offers mmpose's variant. Immutable and safe to share between threads.
/// </remarks>
public sealed class CoarseToFineHeatmapTarget : IPoseTarget
{
    private readonly float[][] _kernels;

    // For each kernel what it makes of a keypoint that is far enough from all edges.
    private readonly float[][] _patches;

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
        Kernels = [.. kernels ?? [15, 11, 9, 7, 5]];
        if (Kernels.Count == 0)
        {
            throw new ArgumentException("At least one kernel is needed.", nameof(kernels));
        }
        _kernels = [.. Kernels.Select(size => Array.ConvertAll(GaussianKernel.OfSize(size), weight => (float)weight))];
        Peak = Require.Positive(peak);
        _patches = Array.ConvertAll(_kernels, DrawPatch);
    }

    /// <summary>Kernel sizes, the widest first.</summary>
    public IReadOnlyList<int> Kernels { get; }

    /// <summary>Largest value of every map (<see cref="HeatmapConvention.Mmpose"/>: the value at the keypoint).</summary>
    public double Peak { get; }

    /// <summary>What is scaled to the peak, and who is drawn. Default: the official code's way.</summary>
    public HeatmapConvention Convention { get; init; }

    /// <inheritdoc />
    int IPoseTarget.Levels => Kernels.Count;

    /// <inheritdoc />
    void IPoseTarget.Encode(TargetScene scene, PoseTargetBuffer buffer) => Encode(scene.Person, scene.Crop, scene.Map, buffer.Heatmaps);

    /// <summary>The kernel size that supervises a stage and a scale.</summary>
    public int KernelFor(int stage, int stages, int scale, int scales) =>
        Kernels[CoarseToFine.KernelIndex(stage, stages, scale, scales, Kernels.Count)];

    /// <summary>Fills the maps of one person.</summary>
    /// <param name="keypoints">Keypoints in crop pixels. One with a visibility below 1 or outside the crop gets maps of zeros.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of each map.</param>
    /// <param name="target"><c>[L, K, h, w]</c>, written completely.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another length.</exception>
    public void Encode(IReadOnlyList<Keypoint> keypoints, ImageSize crop, ImageSize map, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        var area = map.Height * map.Width;
        TargetMaps.CheckLength(target.Length, _kernels.Length, keypoints.Count, map, nameof(target));
        target.Clear();
        for (var k = 0; k < keypoints.Count; k++)
        {
            var keypoint = keypoints[k];
            if (keypoint.Visibility < (Convention == HeatmapConvention.Mmpose ? 0.5f : 1))
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
                Draw(l, x, y, map, target.Slice((l * keypoints.Count + k) * area, area));
            }
        }
    }

    private void Draw(int level, int x, int y, ImageSize map, Span<float> target)
    {
        var radius = _kernels[level].Length / 2;
        // At a distance of the radius the mirrored edge begins to add to the blur.
        if (x <= radius || y <= radius || x >= map.Width - 1 - radius || y >= map.Height - 1 - radius)
        {
            Blur(_kernels[level], x, y, map, target);
            return;
        }
        ReadOnlySpan<float> patch = _patches[level];
        var size = 2 * radius + 1;
        for (var row = 0; row < size; row++)
        {
            patch.Slice(row * size, size).CopyTo(target[((y - radius + row) * map.Width + x - radius)..]);
        }
    }

    private float[] DrawPatch(float[] kernel)
    {
        var margin = kernel.Length / 2 + 1;
        var map = new ImageSize(kernel.Length + 2 * margin, kernel.Length + 2 * margin);
        var target = new float[map.Height * map.Width];
        Blur(kernel, map.Width / 2, map.Height / 2, map, target);
        return [.. Enumerable.Range(margin, kernel.Length).SelectMany(row => target.AsSpan(row * map.Width + margin, kernel.Length).ToArray())];
    }

    // In single precision and in OpenCV's order of operations (rows first, then columns with fused multiply-adds): the reference's maps are
    // reproduced to the last bit. A single 1 is blurred, so all but a few terms of each sum vanish.
    private void Blur(float[] kernel, int x, int y, ImageSize map, Span<float> target)
    {
        var radius = kernel.Length / 2;
        Span<float> across = stackalloc float[kernel.Length];
        var left = Math.Max(0, x - radius);
        var columns = Math.Min(map.Width - 1, x + radius) - left + 1;
        for (var i = 0; i < columns; i++)
        {
            var sum = 0f;
            for (var tap = 0; tap <= radius; tap++)
            {
                sum += kernel[radius + tap] * Hits(left + i, tap, x, map.Width);
            }
            across[i] = sum;
        }
        var bottom = Math.Min(map.Height - 1, y + radius);
        var largest = 0f;
        for (var row = Math.Max(0, y - radius); row <= bottom; row++)
        {
            var line = target.Slice(row * map.Width + left, columns);
            for (var tap = 0; tap <= radius; tap++)
            {
                var hits = Hits(row, tap, y, map.Height);
                for (var i = 0; hits > 0 && i < columns; i++)
                {
                    line[i] = MathF.FusedMultiplyAdd(kernel[radius + tap], hits * across[i], line[i]);
                    largest = Math.Max(largest, line[i]);
                }
            }
        }
        var divisor = (float)((Convention == HeatmapConvention.Mmpose ? target[y * map.Width + x] : largest) / Peak);
        for (var row = Math.Max(0, y - radius); row <= bottom; row++)
        {
            foreach (ref var value in target.Slice(row * map.Width + left, columns))
            {
                value /= divisor;
            }
        }
    }

    // How often the taps at a distance on both sides of a pixel meet the 1, edges mirrored.
    private static float Hits(int pixel, int tap, int position, int length) => tap == 0
        ? pixel == position ? 1 : 0
        : (GaussianKernel.Reflect101(pixel - tap, length) == position ? 1 : 0)
            + (GaussianKernel.Reflect101(pixel + tap, length) == position ? 1 : 0);
}
