namespace Mspn.Core;

/// <summary>The <see cref="MaximumHeatmapDecoder"/>s as ONNX nodes.</summary>
internal static class OnnxMaximumDecoding
{
    /// <summary>Null for a decoder of the caller's own.</summary>
    public static OnnxKeypoints? Read(MaximumHeatmapDecoder decoder, OnnxValue heatmaps, ImageSize map, ImageSize input)
    {
        var maps = OnnxMaps.Of(heatmaps, map);
        var (at, x, y) = maps.Peak();
        (OnnxValue X, OnnxValue Y)? refined = decoder switch
        {
            SimpleBaselineHeatmapDecoder simple => UpTheSlopes(maps, at, x, y, simple.Shift),
            MsraHeatmapDecoder => AlongEdges(maps, at, x, y),
            DarkHeatmapDecoder dark => ToTheTop(OnnxBlur.KeepingMaximum(heatmaps, map, dark.Kernel), at, x, y),
            _ => null,
        };
        if (refined is not { } cell)
        {
            return null;
        }
        var value = maps.Near(at, 0);
        var found = value > 0;
        return new OnnxKeypoints(
            found.Choose(cell.X, decoder.CellWithoutPeak) * input.Width / map.Width,
            found.Choose(cell.Y, decoder.CellWithoutPeak) * input.Height / map.Height,
            value / decoder.Peak);
    }

    private static (OnnxValue X, OnnxValue Y) UpTheSlopes(OnnxMaps maps, OnnxValue at, OnnxValue x, OnnxValue y, double shift)
    {
        var inside = (x > 1) & (y > 1) & (x < maps.Size.Width - 1) & (y < maps.Size.Height - 1);
        return (
            inside.Choose(x + shift * maps.Slope(at, 1), x),
            inside.Choose(y + shift * maps.Slope(at, maps.Size.Width), y));
    }

    private static (OnnxValue X, OnnxValue Y) AlongEdges(OnnxMaps maps, OnnxValue at, OnnxValue x, OnnxValue y)
    {
        var movesX = (x > 1) & (x < maps.Size.Width - 1) & (y > 0);
        var movesY = (y > 1) & (y < maps.Size.Height - 1) & (x > 0);
        return (
            movesX.Choose(x + MsraHeatmapDecoder.Shift * maps.Slope(at, 1), x),
            movesY.Choose(y + MsraHeatmapDecoder.Shift * maps.Slope(at, maps.Size.Width), y));
    }

    private static (OnnxValue X, OnnxValue Y) ToTheTop(OnnxMaps smooth, OnnxValue at, OnnxValue x, OnnxValue y)
    {
        var (width, height) = (smooth.Size.Width, smooth.Size.Height);
        OnnxValue Log(int distance) => smooth.Near(at, distance).AtLeast(DarkHeatmapDecoder.Least).Node("Log");
        var (gx, gy) = (0.5 * (Log(1) - Log(-1)), 0.5 * (Log(width) - Log(-width)));
        var twice = 2 * Log(0);
        var hxx = 0.25 * (Log(2) - twice + Log(-2));
        var hyy = 0.25 * (Log(2 * width) - twice + Log(-2 * width));
        var hxy = 0.25 * (Log(width + 1) - Log(-width + 1) - Log(width - 1) + Log(-width - 1));
        var determinant = hxx * hyy - hxy * hxy;
        var refines = (x > 1) & (y > 1) & (x < width - 2) & (y < height - 2) & (determinant.Node("Abs") > 0);
        return (
            refines.Choose(x - (hyy * gx - hxy * gy) / determinant, x),
            refines.Choose(y - (hxx * gy - hxy * gx) / determinant, y));
    }
}
