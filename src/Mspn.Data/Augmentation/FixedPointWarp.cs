using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Cuts a crop out of an image with OpenCV's fixed-point bilinear arithmetic (<c>cv2.warpAffine</c>, <c>INTER_LINEAR</c>, constant border 0),
/// bit for bit: source coordinates are rounded to 1/32 of a pixel and weights are whole numbers.
/// </summary>
public static class FixedPointWarp
{
    private const int CoordinateBits = 10;
    private const int FractionBits = 5;
    private const int One = 1 << FractionBits;
    private const int Rounding = 1 << (2 * FractionBits - 1);

    /// <summary>Fills a crop.</summary>
    /// <param name="image">The source.</param>
    /// <param name="toCrop">Maps source pixels to crop pixels (of the mirrored source if <paramref name="mirrored"/>).</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="target"><c>[H, W, 3]</c> bytes, R first.</param>
    /// <param name="mirrored">Whether the source is read from right to left.</param>
    public static void Warp(RgbImage image, AffineTransform toCrop, ImageSize crop, Span<byte> target, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (target.Length != crop.Height * crop.Width * 3)
        {
            throw new ArgumentException($"A crop of {crop} needs {crop.Height * crop.Width * 3} bytes, not {target.Length}.", nameof(target));
        }
        var m = toCrop.Inverse();
        const double scale = 1 << CoordinateBits;
        Span<int> columnX = crop.Width <= 1024 ? stackalloc int[crop.Width] : new int[crop.Width];
        Span<int> columnY = crop.Width <= 1024 ? stackalloc int[crop.Width] : new int[crop.Width];
        for (var x = 0; x < crop.Width; x++)
        {
            columnX[x] = RoundToInt(m.A * x * scale);
            columnY[x] = RoundToInt(m.D * x * scale);
        }
        const int half = 1 << (CoordinateBits - FractionBits - 1);
        var o = 0;
        for (var y = 0; y < crop.Height; y++)
        {
            var rowX = RoundToInt((m.B * y + m.C) * scale) + half;
            var rowY = RoundToInt((m.E * y + m.F) * scale) + half;
            for (var x = 0; x < crop.Width; x++, o += 3)
            {
                var sx = (rowX + columnX[x]) >> (CoordinateBits - FractionBits);
                var sy = (rowY + columnY[x]) >> (CoordinateBits - FractionBits);
                Sample(image, sx, sy, mirrored, target.Slice(o, 3));
            }
        }
    }

    private static void Sample(RgbImage image, int sx, int sy, bool mirrored, Span<byte> target)
    {
        var (x, y) = (sx >> FractionBits, sy >> FractionBits);
        var (a, b) = (sx & (One - 1), sy & (One - 1));
        var (width, height) = (image.Width, image.Height);
        if (x < -1 || y < -1 || x >= width || y >= height)
        {
            target.Clear();
            return;
        }
        var pixels = image.Pixels;
        var (left, right) = mirrored ? (width - 1 - x, width - 2 - x) : (x, x + 1);
        var (leftIn, rightIn) = (x >= 0, x + 1 < width);
        var (topIn, bottomIn) = (y >= 0, y + 1 < height);
        var w00 = leftIn && topIn ? (One - a) * (One - b) : 0;
        var w01 = rightIn && topIn ? a * (One - b) : 0;
        var w10 = leftIn && bottomIn ? (One - a) * b : 0;
        var w11 = rightIn && bottomIn ? a * b : 0;
        // Pixels outside have weight 0; their index only has to be valid.
        var top = topIn ? y * width : 0;
        var bottom = bottomIn ? (y + 1) * width : 0;
        left = leftIn ? left : 0;
        right = rightIn ? right : 0;
        var (p00, p01, p10, p11) = ((top + left) * 3, (top + right) * 3, (bottom + left) * 3, (bottom + right) * 3);
        for (var c = 0; c < 3; c++)
        {
            var sum = w00 * pixels[p00 + c] + w01 * pixels[p01 + c] + w10 * pixels[p10 + c] + w11 * pixels[p11 + c];
            target[c] = (byte)((sum + Rounding) >> (2 * FractionBits));
        }
    }

    // Saturates, as OpenCV does, instead of wrapping for crops of absurd regions.
    private static int RoundToInt(double value) => (int)Math.Clamp(Math.Round(value), -(1 << 29), 1 << 29);
}
