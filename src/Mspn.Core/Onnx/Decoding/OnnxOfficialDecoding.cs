namespace Mspn.Core;

/// <summary><see cref="OfficialHeatmapDecoder"/> as ONNX nodes.</summary>
internal static class OnnxOfficialDecoding
{
    public static OnnxKeypoints Read(OfficialHeatmapDecoder decoder, OnnxValue heatmaps, ImageSize map, ImageSize input)
    {
        var blur = OnnxBlur.WithBorder(decoder.Kernel, OfficialHeatmapDecoder.Border);
        var blurred = blur.Apply(heatmaps, map);
        var (at, x, y) = Maximum(blurred, blur.Reach);
        foreach (var shift in decoder.Shifts)
        {
            blurred = blurred with { Values = blurred.Values.Node("ScatterElements", [at, (at * 0).Cast(OnnxType.Double)], [OnnxAttribute.Of("axis", -1L)]) };
            (at, var nextX, var nextY) = Maximum(blurred, blur.Reach);
            var (dx, dy) = (nextX - x, nextY - y);
            var distance = (dx * dx + dy * dy).Node("Sqrt");
            var far = distance > OfficialHeatmapDecoder.LeastDistance;
            (x, y) = (far.Choose(x + shift * dx / distance, x), far.Choose(y + shift * dy / distance, y));
        }
        x = x.AtMost(map.Width - 1).AtLeast(0);
        y = y.AtMost(map.Height - 1).AtLeast(0);
        var cell = (y.Node("Round") * map.Width + x.Node("Round")).Cast(OnnxType.Int64);
        var (strideX, strideY) = ((double)input.Width / map.Width, (double)input.Height / map.Height);
        return new OnnxKeypoints(
            x * strideX + strideX / 2, y * strideY + strideY / 2, OnnxMaps.Of(heatmaps, map).Values.At(cell) / decoder.Peak + OfficialHeatmapDecoder.BaseScore);
    }

    // Only what the blur reaches of the border is there; the rest is zero.
    private static (OnnxValue At, OnnxValue X, OnnxValue Y) Maximum(OnnxMaps maps, int reach)
    {
        var (at, x, y) = maps.Peak();
        (x, y) = (x - reach, y - reach);
        if (reach < OfficialHeatmapDecoder.Border)
        {
            var found = maps.Near(at, 0) > 0;
            (x, y) = (found.Choose(x, -OfficialHeatmapDecoder.Border), found.Choose(y, -OfficialHeatmapDecoder.Border));
        }
        return (at, x, y);
    }
}
