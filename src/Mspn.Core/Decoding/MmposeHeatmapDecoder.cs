namespace Mspn.Core;

/// <summary>
/// mmpose's decoding for MSPN and CPN (<c>mmpose/codecs/megvii_heatmap.py</c>): blur, rescale to the old maximum, take the maximum and, away
/// from the edges, move a quarter of a cell up the slope plus half a cell.
/// </summary>
/// <remarks>
/// The score is the map's maximum divided by the peak, plus 0.5. A map whose maximum is not positive is placed at cell −1, and a map of
/// zeros has a score that is not a number, as in mmpose.
/// </remarks>
public sealed class MmposeHeatmapDecoder : HeatmapDecoder
{
    internal const int DefaultKernel = 5;
    internal const double Shift = 0.25;
    internal const double HalfCell = 0.5;
    internal const double BaseScore = 0.5;

    /// <summary>Size of the blur, odd. Default 5.</summary>
    public int Kernel { get; init => field = GaussianKernel.CheckedSize(value, nameof(Kernel)); } = DefaultKernel;

    /// <inheritdoc />
    protected override KeypointPrediction[] DecodeImage(PersonMaps maps, ImageSize inputSize)
    {
        var mapSize = maps.Size;
        using var blurred = BlurredMap.WithoutBorder(mapSize, Kernel);
        var result = new KeypointPrediction[maps.Count];
        for (var k = 0; k < maps.Count; k++)
        {
            result[k] = Locate(blurred.BlurKeepingMaximum(maps.Read(k)), mapSize, inputSize);
        }
        return result;
    }

    private KeypointPrediction Locate(ReadOnlySpan<double> map, ImageSize size, ImageSize inputSize)
    {
        var best = MapSearch.ArgMax(map);
        var value = map[best];
        var (x, y) = (best % size.Width, best / size.Width);
        double px = x;
        double py = y;
        if (value <= 0)
        {
            (px, py) = (-1, -1);
        }
        else if (x > 1 && x < size.Width - 1 && y > 1 && y < size.Height - 1)
        {
            px += MapSearch.Slope(map, best, 1) * Shift + HalfCell;
            py += MapSearch.Slope(map, best, size.Width) * Shift + HalfCell;
        }
        return new KeypointPrediction(
            px * inputSize.Width / size.Width, py * inputSize.Height / size.Height, value / Peak + BaseScore);
    }
}
