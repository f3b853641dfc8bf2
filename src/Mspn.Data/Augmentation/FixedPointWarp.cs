using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Cuts a crop out of an image with OpenCV's fixed-point bilinear arithmetic (<c>cv2.warpAffine</c>, <c>INTER_LINEAR</c>, constant border 0),
/// bit for bit: source coordinates are rounded to 1/32 of a pixel and weights are whole numbers.
/// </summary>
public static class FixedPointWarp
{
    /// <summary>Fills a crop.</summary>
    /// <param name="image">The source.</param>
    /// <param name="toCrop">Maps source pixels to crop pixels (of the mirrored source if <paramref name="mirrored"/>).</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="target"><c>[H, W, 3]</c> bytes, R first.</param>
    /// <param name="mirrored">Whether the source is read from right to left. Default false.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another length.</exception>
    public static void Warp(RgbImage image, AffineTransform toCrop, ImageSize crop, Span<byte> target, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (target.Length != crop.Height * crop.Width * 3)
        {
            throw new ArgumentException($"A crop of {crop} needs {crop.Height * crop.Width * 3} bytes, not {target.Length}.", nameof(target));
        }
        using var rows = new WarpRows(image, toCrop, crop.Width, mirrored);
        var length = 3 * crop.Width;
        for (var y = 0; y < crop.Height; y++)
        {
            rows.Read(y).CopyTo(target.Slice(y * length, length));
        }
    }
}
