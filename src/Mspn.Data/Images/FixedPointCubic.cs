using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Resizes 8-bit images with the arithmetic of OpenCV's <c>INTER_CUBIC</c>, bit for bit (4.6 on x86-64): weights of 11 fractional bits, whole
/// numbers along the rows; along the columns single precision in blocks of eight numbers and whole numbers for the rest of a row.
/// </summary>
internal static class FixedPointCubic
{
    private const int WeightBits = 11;
    private const float WeightScale = 1 << WeightBits;
    private const int Block = 8;
    private const int Channels = 3;

    /// <summary>Fills an image of another size.</summary>
    /// <param name="source">The image.</param>
    /// <param name="target">Receives it.</param>
    /// <param name="stepX">Source pixels per target pixel along the rows.</param>
    /// <param name="stepY">The same along the columns.</param>
    public static void Resize(RgbImage source, RgbImage target, double stepX, double stepY)
    {
        var columns = new CubicAxis(source.Width, target.Width, stepX);
        var rows = new CubicAxis(source.Height, target.Height, stepY);
        var columnWeights = Array.ConvertAll(columns.Weight, ToFixed);
        // The four rows under a target row are neighbours, or one edge row again: by their last two bits they never collide.
        var held = new int[CubicAxis.Taps];
        Array.Fill(held, -1);
        var buffers = new int[CubicAxis.Taps][];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] = new int[target.Width * Channels];
        }
        int[] Row(int y)
        {
            var slot = y % CubicAxis.Taps;
            if (held[slot] != y)
            {
                ResizeRow(source.Pixels.AsSpan(y * source.Width * Channels, source.Width * Channels), columns.Index, columnWeights, buffers[slot]);
                held[slot] = y;
            }
            return buffers[slot];
        }
        for (var y = 0; y < target.Height; y++)
        {
            var t = y * CubicAxis.Taps;
            CombineRows(
                Row(rows.Index[t]), Row(rows.Index[t + 1]), Row(rows.Index[t + 2]), Row(rows.Index[t + 3]),
                rows.Weight.AsSpan(t, CubicAxis.Taps), target.Pixels.AsSpan(y * target.Width * Channels, target.Width * Channels));
        }
    }

    // Halves to even, as OpenCV's saturate_cast.
    private static int ToFixed(float weight) => (int)MathF.Round(weight * WeightScale);

    private static void ResizeRow(ReadOnlySpan<byte> source, int[] index, int[] weight, int[] target)
    {
        for (int o = 0, t = 0; o < target.Length; o += Channels, t += CubicAxis.Taps)
        {
            for (var c = 0; c < Channels; c++)
            {
                target[o + c] = source[index[t] * Channels + c] * weight[t] + source[index[t + 1] * Channels + c] * weight[t + 1]
                    + source[index[t + 2] * Channels + c] * weight[t + 2] + source[index[t + 3] * Channels + c] * weight[t + 3];
            }
        }
    }

    private static void CombineRows(int[] r0, int[] r1, int[] r2, int[] r3, ReadOnlySpan<float> weights, Span<byte> target)
    {
        var (w0, w1, w2, w3) = (ToFixed(weights[0]), ToFixed(weights[1]), ToFixed(weights[2]), ToFixed(weights[3]));
        const float scale = 1 / (WeightScale * WeightScale);
        var (f0, f1, f2, f3) = (w0 * scale, w1 * scale, w2 * scale, w3 * scale);
        var blocks = target.Length / Block * Block;
        for (var x = 0; x < blocks; x++)
        {
            target[x] = Saturate((int)MathF.Round(r0[x] * f0 + (r1[x] * f1 + (r2[x] * f2 + r3[x] * f3))));
        }
        for (var x = blocks; x < target.Length; x++)
        {
            var sum = r0[x] * w0 + r1[x] * w1 + r2[x] * w2 + r3[x] * w3;
            target[x] = Saturate((sum + (1 << (2 * WeightBits - 1))) >> (2 * WeightBits));
        }
    }

    private static byte Saturate(int value) => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue);
}
