namespace Mspn.Core;

/// <summary>
/// DARK, distribution-aware coordinate decoding (Zhang et al. 2020, arXiv:1910.06278, section 3.2; <c>refine_keypoints_dark</c> of
/// <c>mmpose/codecs/utils/refinement.py</c>): the map is smoothed, its logarithm taken to be a parabola around the maximum m, and the
/// position is the parabola's top, <c>m − H⁻¹·g</c> with gradient g and Hessian H.
/// </summary>
/// <remarks>
/// Train with the unbiased form of <c>GaussianHeatmapTarget</c> to gain from it. Maxima within two cells of an edge are left where they are;
/// a map without a positive value is placed at cell −1. The score is the maximum before smoothing, divided by the peak.
/// </remarks>
public sealed class DarkHeatmapDecoder : MaximumHeatmapDecoder
{
    internal const int DefaultKernel = 11;

    // Below this the logarithm would see nothing but noise; mmpose's number.
    internal const double Least = 1e-10;

    /// <summary>
    /// Size of the smoothing, odd. Default 11, for targets with a sigma of 2; it should have the targets' width, where a size of k
    /// means a sigma of <c>0.3·((k − 1)/2 − 1) + 0.8</c>.
    /// </summary>
    public int Kernel { get; init => field = GaussianKernel.CheckedSize(value, nameof(Kernel)); } = DefaultKernel;

    /// <inheritdoc />
    protected internal override double CellWithoutPeak => -1;

    /// <inheritdoc />
    protected override (double X, double Y) Refine(ReadOnlySpan<double> map, ImageSize size, int x, int y)
    {
        if (x <= 1 || y <= 1 || x >= size.Width - 2 || y >= size.Height - 2)
        {
            return (x, y);
        }
        using var blurred = BlurredMap.WithoutBorder(size, Kernel);
        var smooth = blurred.BlurKeepingMaximum(map);
        var at = y * size.Width + x;
        var (left, right, above, below) = (Log(smooth, at - 1), Log(smooth, at + 1), Log(smooth, at - size.Width), Log(smooth, at + size.Width));
        var (gx, gy) = (0.5 * (right - left), 0.5 * (below - above));
        var twice = 2 * Log(smooth, at);
        var hxx = 0.25 * (Log(smooth, at + 2) - twice + Log(smooth, at - 2));
        var hyy = 0.25 * (Log(smooth, at + 2 * size.Width) - twice + Log(smooth, at - 2 * size.Width));
        var hxy = 0.25 * (Log(smooth, at + size.Width + 1) - Log(smooth, at - size.Width + 1)
            - Log(smooth, at + size.Width - 1) + Log(smooth, at - size.Width - 1));
        var determinant = hxx * hyy - hxy * hxy;
        return determinant == 0
            ? (x, y)
            : (x - (hyy * gx - hxy * gy) / determinant, y - (hxx * gy - hxy * gx) / determinant);
    }

    private static double Log(ReadOnlySpan<double> map, int at) => Math.Log(Math.Max(map[at], Least));
}
