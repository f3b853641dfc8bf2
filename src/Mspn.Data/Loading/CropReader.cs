using System.Buffers;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Cuts crops out of images and normalises them: the one way from pixels to a network's input. Immutable and thread-safe.</summary>
public sealed class CropReader
{
    private readonly ImageSize _size;
    private readonly float[][] _normalized;
    private readonly int[] _channel;

    /// <summary>Creates the reader.</summary>
    /// <param name="size">Size of the crops.</param>
    /// <param name="normalization">How pixels become input.</param>
    public CropReader(ImageSize size, ImageNormalization normalization)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        _size = size;
        (_normalized, _channel) = NormalizationTable.Build(normalization);
    }

    /// <summary>Numbers in one crop.</summary>
    public int Length => 3 * _size.Height * _size.Width;

    /// <summary>Cuts and normalises one crop.</summary>
    /// <param name="image">The image.</param>
    /// <param name="toCrop">From (mirrored) image to crop.</param>
    /// <param name="mirrored">Whether the image is read from right to left.</param>
    /// <param name="pixels">Receives <c>[3, H, W]</c>.</param>
    public void Read(RgbImage image, AffineTransform toCrop, bool mirrored, Span<float> pixels)
    {
        var area = _size.Height * _size.Width;
        var buffer = ArrayPool<byte>.Shared.Rent(area * 3);
        try
        {
            var bytes = buffer.AsSpan(0, area * 3);
            FixedPointWarp.Warp(image, toCrop, _size, bytes, mirrored);
            for (var c = 0; c < 3; c++)
            {
                var table = _normalized[c];
                var plane = pixels.Slice(c * area, area);
                for (int i = 0, b = _channel[c]; i < plane.Length; i++, b += 3)
                {
                    plane[i] = table[bytes[b]];
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
