namespace Mspn.Core;

/// <summary>
/// mmpose's decoding for SimpleBaseline and HRNet (<c>mmpose/codecs/msra_heatmap.py</c>): the maximum, moved a quarter of a cell up the
/// slope.
/// </summary>
/// <remarks>
/// As <see cref="SimpleBaselineHeatmapDecoder"/>, except that a maximum at an edge still moves along it, unless it lies in the first row or
/// column, and that a map without a positive value is placed at cell −1.
/// </remarks>
public sealed class MsraHeatmapDecoder : MaximumHeatmapDecoder
{
    internal const double Shift = 0.25;

    /// <inheritdoc />
    protected internal override double CellWithoutPeak => -1;

    /// <inheritdoc />
    protected override (double X, double Y) Refine(ReadOnlySpan<double> map, ImageSize size, int x, int y)
    {
        var at = y * size.Width + x;
        var moveX = x > 1 && x < size.Width - 1 && y > 0;
        var moveY = y > 1 && y < size.Height - 1 && x > 0;
        return (x + (moveX ? Shift * MapSearch.Slope(map, at, 1) : 0), y + (moveY ? Shift * MapSearch.Slope(map, at, size.Width) : 0));
    }
}
