using System.Numerics;

namespace Mspn.Core;

/// <summary>Finds the peaks of heat maps of one size: pixels that no neighbour above, below, left or right exceeds after smoothing.</summary>
/// <remarks>
/// What lies outside the map counts as 0. On a plateau every pixel is a peak. Of more than <see cref="PartAffinityOptions.MaximumPeaks"/> the highest are
/// kept, and of equally high ones the first. One instance serves one thread.
/// </remarks>
internal sealed class PeakFinder(ImageSize size, PartAffinityOptions options)
{
    private readonly GaussianFilter _filter = new(options.Sigma, size);
    private readonly double[] _map = new double[size.Height * size.Width];
    private readonly List<int> _found = [];

    /// <summary>Appends a map's peaks, from top to bottom and from left to right.</summary>
    public void Find<T>(ReadOnlySpan<T> map, int keypoint, List<KeypointPeak> peaks)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < _map.Length; i++)
        {
            _map[i] = double.CreateTruncating(map[i]);
        }
        var smooth = _filter.Apply(_map);
        _found.Clear();
        for (var i = 0; i < smooth.Length; i++)
        {
            if (smooth[i] > options.PeakThreshold && IsPeak(smooth, i))
            {
                _found.Add(i);
            }
        }
        // OrderByDescending is stable.
        IEnumerable<int> kept = _found.Count <= options.MaximumPeaks ? _found : _found.OrderByDescending(i => _map[i]).Take(options.MaximumPeaks).Order();
        foreach (var i in kept)
        {
            peaks.Add(new KeypointPeak(i % size.Width, i / size.Width, _map[i], peaks.Count, keypoint));
        }
    }

    private bool IsPeak(ReadOnlySpan<double> map, int i)
    {
        var (y, x) = Math.DivRem(i, size.Width);
        var above = y > 0 ? map[i - size.Width] : 0;
        var below = y < size.Height - 1 ? map[i + size.Width] : 0;
        var left = x > 0 ? map[i - 1] : 0;
        var right = x < size.Width - 1 ? map[i + 1] : 0;
        return map[i] >= above && map[i] >= below && map[i] >= left && map[i] >= right;
    }
}
