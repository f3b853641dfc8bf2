using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Heat maps to train SimpleBaseline, HRNet and hourglasses against: a Gaussian of one standard deviation around each keypoint (Xiao et al.
/// 2018, section 2; <c>mmpose/codecs/msra_heatmap.py</c>), or the unbiased one of DARK (Zhang et al. 2020, section 3.3).
/// </summary>
/// <remarks>Immutable and safe to share between threads.</remarks>
public sealed class GaussianHeatmapTarget : IPoseTarget
{
    // mmpose draws keypoints from this visibility on; official flags are 0, 1 and 2.
    private const float LeastVisibility = 0.5f;

    /// <summary>Creates the target.</summary>
    /// <param name="sigma">Standard deviation in heat-map cells. Default 2, as for maps of 64×48; 3 is usual for 96×72.</param>
    /// <param name="unbiased">
    /// False (default): the Gaussian is centred on the nearest cell and cut off at three sigma. True: it is centred on the keypoint itself
    /// and not cut off, which <see cref="DarkHeatmapDecoder"/> expects.
    /// </param>
    /// <param name="peak">Value at the centre. Default 1, as in these systems. Their heads have no normalisation; see
    /// <see cref="CoarseToFineHeatmapTarget"/> for why a head that has one wants 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">Sigma or the peak is not positive and finite.</exception>
    public GaussianHeatmapTarget(double sigma = 2, bool unbiased = false, double peak = 1)
    {
        Sigma = Require.Positive(sigma);
        Unbiased = unbiased;
        Peak = Require.Positive(peak);
    }

    /// <summary>Standard deviation in heat-map cells.</summary>
    public double Sigma { get; }

    /// <summary>Whether Gaussians are centred on the keypoints themselves.</summary>
    public bool Unbiased { get; }

    /// <summary>Value at the centre.</summary>
    public double Peak { get; }

    /// <inheritdoc />
    int IPoseTarget.Levels => 1;

    /// <inheritdoc />
    void IPoseTarget.Encode(TargetScene scene, PoseTargetBuffer buffer) => Encode(scene.Person, scene.Crop, scene.Map, buffer.Heatmaps);

    /// <summary>Fills the maps of one person.</summary>
    /// <param name="keypoints">Keypoints in crop pixels. One with a visibility below 0.5, or too far outside, gets a map of zeros.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of each map.</param>
    /// <param name="target"><c>[1, K, h, w]</c>, written completely.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another length.</exception>
    public void Encode(IReadOnlyList<Keypoint> keypoints, ImageSize crop, ImageSize map, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        TargetMaps.CheckLength(target.Length, 1, keypoints.Count, map, nameof(target));
        target.Clear();
        var area = map.Height * map.Width;
        for (var k = 0; k < keypoints.Count; k++)
        {
            if (keypoints[k].Visibility >= LeastVisibility && Reaches(keypoints[k], crop, map))
            {
                Draw(keypoints[k], crop, map, target.Slice(k * area, area));
            }
        }
    }

    /// <summary>
    /// Whether a keypoint's Gaussian reaches the map. mmpose gives a keypoint whose Gaussian does not a weight of 0, and keeps the weight of
    /// one that lies outside but near enough.
    /// </summary>
    /// <param name="keypoint">The keypoint in crop pixels.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of the map.</param>
    public bool Reaches(Keypoint keypoint, ImageSize crop, ImageSize map)
    {
        var (x, y) = (OnAxis(keypoint.X * map.Width / crop.Width), OnAxis(keypoint.Y * map.Height / crop.Height));
        return x.First < map.Width && x.End >= 0 && y.First < map.Height && y.End >= 0;
    }

    private void Draw(Keypoint keypoint, ImageSize crop, ImageSize map, Span<float> target)
    {
        var (x, y) = (OnAxis(keypoint.X * map.Width / crop.Width), OnAxis(keypoint.Y * map.Height / crop.Height));
        var (left, right) = Cells(x, map.Width);
        var (top, bottom) = Cells(y, map.Height);
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                var (dx, dy) = (column - x.Center, row - y.Center);
                target[row * map.Width + column] = (float)(Peak * Math.Exp(-(dx * dx + dy * dy) / (2 * Sigma * Sigma)));
            }
        }
    }

    private (int First, int End) Cells((double Center, double First, double End) axis, int length) =>
        Unbiased ? (0, length) : ((int)Math.Max(0, axis.First), (int)Math.Min(length, axis.End));

    // The Gaussian's centre and its first and one-past-last cell on one axis, from the keypoint's position in cells. The reference's casts cut
    // towards zero, so a sigma whose triple is not a whole number moves the centre of a Gaussian that begins before the first cell.
    private (double Center, double First, double End) OnAxis(double position)
    {
        var radius = 3 * Sigma;
        if (Unbiased)
        {
            return (position, position - radius, position + radius + 1);
        }
        var nearest = Math.Truncate(position + 0.5);
        var first = Math.Truncate(nearest - radius);
        return (first + Math.Floor((2 * radius + 1) / 2), first, Math.Truncate(nearest + radius + 1));
    }
}
