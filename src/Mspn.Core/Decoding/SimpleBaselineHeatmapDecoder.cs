namespace Mspn.Core;

/// <summary>
/// SimpleBaseline's decoding (Xiao et al. 2018; <c>lib/core/inference.py</c> of <c>microsoft/human-pose-estimation.pytorch</c>, and HRNet's):
/// the maximum, moved a quarter of a cell up the slope in both directions if it lies at least two cells from the left and upper edge and one
/// from the others.
/// </summary>
/// <remarks>A map without a positive value is placed at cell 0. The score is the map's maximum divided by the peak.</remarks>
public sealed class SimpleBaselineHeatmapDecoder : MaximumHeatmapDecoder
{
    /// <summary>The step up the slope, in cells. Default 0.25; 0 leaves the maximum where it is.</summary>
    public double Shift { get; init; } = 0.25;

    /// <inheritdoc />
    protected internal override double CellWithoutPeak => 0;

    /// <inheritdoc />
    protected override (double X, double Y) Refine(ReadOnlySpan<double> map, ImageSize size, int x, int y)
    {
        if (x <= 1 || y <= 1 || x >= size.Width - 1 || y >= size.Height - 1)
        {
            return (x, y);
        }
        var at = y * size.Width + x;
        return (x + Shift * MapSearch.Slope(map, at, 1), y + Shift * MapSearch.Slope(map, at, size.Width));
    }
}
