namespace Mspn.Core;

/// <summary>Decoders that take a map's maximum as it is and then refine its position.</summary>
/// <remarks>
/// <see cref="HeatmapDecoder.Peak"/> is 1 by default here, and the score is the maximum divided by it. Cell <c>x</c> becomes pixel
/// <c>x·s</c> for a stride of s: half a cell is not added, because these systems make their targets so.
/// </remarks>
public abstract class MaximumHeatmapDecoder : HeatmapDecoder
{
    /// <summary>Sets the default peak.</summary>
    protected MaximumHeatmapDecoder() => Peak = 1;

    /// <inheritdoc />
    public override bool ShiftsMirroredMaps => true;

    /// <summary>The cell that a map without a positive value is given.</summary>
    protected internal abstract double CellWithoutPeak { get; }

    /// <inheritdoc />
    protected sealed override KeypointPrediction[] DecodeImage(PersonMaps maps, ImageSize inputSize)
    {
        var mapSize = maps.Size;
        var result = new KeypointPrediction[maps.Count];
        for (var k = 0; k < maps.Count; k++)
        {
            var map = maps.Read(k);
            var best = MapSearch.ArgMax(map);
            var (x, y) = map[best] > 0
                ? Refine(map, mapSize, best % mapSize.Width, best / mapSize.Width)
                : (CellWithoutPeak, CellWithoutPeak);
            result[k] = new KeypointPrediction(
                x * inputSize.Width / mapSize.Width, y * inputSize.Height / mapSize.Height, map[best] / Peak);
        }
        return result;
    }

    /// <summary>Refines a maximum.</summary>
    /// <param name="map">The map, row by row.</param>
    /// <param name="size">Its size.</param>
    /// <param name="x">Column of its first largest value.</param>
    /// <param name="y">Row of it.</param>
    /// <returns>The position in cells; cell centres are at integers.</returns>
    protected abstract (double X, double Y) Refine(ReadOnlySpan<double> map, ImageSize size, int x, int y);
}
