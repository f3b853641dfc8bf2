namespace Mspn.Core;

/// <summary><see cref="MmposeHeatmapDecoder"/> as ONNX nodes.</summary>
internal static class OnnxMmposeDecoding
{
    public static OnnxKeypoints Read(MmposeHeatmapDecoder decoder, OnnxValue heatmaps, ImageSize map, ImageSize input)
    {
        var blurred = OnnxBlur.KeepingMaximum(heatmaps, map, decoder.Kernel);
        var (at, x, y) = blurred.Peak();
        var value = blurred.Near(at, 0);
        var inside = (x > 1) & (x < map.Width - 1) & (y > 1) & (y < map.Height - 1);
        var nothing = value <= 0;
        OnnxValue Moved(OnnxValue cell, int step, int size, int cells)
        {
            var moved = inside.Choose(cell + (blurred.Slope(at, step) * MmposeHeatmapDecoder.Shift + MmposeHeatmapDecoder.HalfCell), cell);
            return nothing.Choose(cell * 0 - 1, moved) * size / cells;
        }

        return new OnnxKeypoints(
            Moved(x, 1, input.Width, map.Width), Moved(y, map.Width, input.Height, map.Height), value / decoder.Peak + MmposeHeatmapDecoder.BaseScore);
    }
}
