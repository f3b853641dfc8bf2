using System.Numerics;

namespace Mspn.Core;

/// <summary>
/// Resizes maps with OpenCV's <c>INTER_CUBIC</c> for floating-point images: along the rows, then along the columns. A map that already has
/// the size is copied.
/// </summary>
internal static class CubicMapResize
{
    /// <summary>Resizes one map.</summary>
    /// <param name="source">The map, row by row.</param>
    /// <param name="from">Its size.</param>
    /// <param name="stride">Numbers from one row of the source to the next; at least its width.</param>
    /// <param name="target">Receives the resized map, row by row.</param>
    /// <param name="to">Its size.</param>
    public static void Resize(ReadOnlySpan<float> source, ImageSize from, int stride, Span<float> target, ImageSize to)
    {
        if (from == to)
        {
            for (var y = 0; y < to.Height; y++)
            {
                source.Slice(y * stride, to.Width).CopyTo(target[(y * to.Width)..]);
            }
            return;
        }
        var columns = new CubicAxis(from.Width, to.Width, 1 / ((double)to.Width / from.Width));
        var rows = new CubicAxis(from.Height, to.Height, 1 / ((double)to.Height / from.Height));
        var widened = new float[from.Height * to.Width];
        for (var y = 0; y < from.Height; y++)
        {
            ResizeRow(source.Slice(y * stride, from.Width), columns, widened.AsSpan(y * to.Width, to.Width));
        }
        for (var y = 0; y < to.Height; y++)
        {
            CombineRows(widened, rows, y, target.Slice(y * to.Width, to.Width));
        }
    }

    private static void ResizeRow(ReadOnlySpan<float> source, CubicAxis axis, Span<float> target)
    {
        var (index, weight) = (axis.Index, axis.Weight);
        for (int x = 0, t = 0; x < target.Length; x++, t += CubicAxis.Taps)
        {
            target[x] = source[index[t]] * weight[t] + source[index[t + 1]] * weight[t + 1] + source[index[t + 2]] * weight[t + 2]
                + source[index[t + 3]] * weight[t + 3];
        }
    }

    // Summed from the last row to the first, as OpenCV's vectorised loop does.
    private static void CombineRows(float[] rows, CubicAxis axis, int y, Span<float> target)
    {
        var t = y * CubicAxis.Taps;
        var width = target.Length;
        var (w0, w1, w2, w3) = (axis.Weight[t], axis.Weight[t + 1], axis.Weight[t + 2], axis.Weight[t + 3]);
        ReadOnlySpan<float> r0 = rows.AsSpan(axis.Index[t] * width, width);
        ReadOnlySpan<float> r1 = rows.AsSpan(axis.Index[t + 1] * width, width);
        ReadOnlySpan<float> r2 = rows.AsSpan(axis.Index[t + 2] * width, width);
        ReadOnlySpan<float> r3 = rows.AsSpan(axis.Index[t + 3] * width, width);
        var x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = new Vector<float>(r0[x..]) * w0
                + (new Vector<float>(r1[x..]) * w1 + (new Vector<float>(r2[x..]) * w2 + new Vector<float>(r3[x..]) * w3));
            sum.CopyTo(target[x..]);
        }
        for (; x < width; x++)
        {
            target[x] = r0[x] * w0 + (r1[x] * w1 + (r2[x] * w2 + r3[x] * w3));
        }
    }
}
