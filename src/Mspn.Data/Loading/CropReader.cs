using Mspn.Core;

namespace Mspn.Data;

/// <summary>Cuts crops out of images and normalises them: the one way from pixels to a network's input. Immutable and thread-safe.</summary>
public sealed class CropReader
{
    private readonly ImageSize _size;
    private readonly NormalizationTable _normalization;

    /// <summary>Creates the reader.</summary>
    /// <param name="size">Size of the crops.</param>
    /// <param name="normalization">How pixels become input.</param>
    /// <exception cref="ArgumentException">The size is not positive, or the normalisation is not one of three colours.</exception>
    public CropReader(ImageSize size, ImageNormalization normalization)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Width, 1);
        _size = size;
        _normalization = new NormalizationTable(normalization);
    }

    /// <summary>Numbers in one crop.</summary>
    public int Length => 3 * _size.Height * _size.Width;

    /// <summary>Cuts and normalises one crop.</summary>
    /// <param name="image">The image.</param>
    /// <param name="toCrop">From (mirrored) image to crop.</param>
    /// <param name="mirrored">Whether the image is read from right to left.</param>
    /// <param name="pixels">Receives <c>[3, H, W]</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public void Read(RgbImage image, AffineTransform toCrop, bool mirrored, Span<float> pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (pixels.Length != Length)
        {
            throw new ArgumentException($"A crop of {_size} needs {Length} numbers, not {pixels.Length}.", nameof(pixels));
        }
        using var rows = new WarpRows(image, toCrop, _size.Width, mirrored);
        for (var y = 0; y < _size.Height; y++)
        {
            _normalization.WriteRow(rows.Read(y), pixels, y * _size.Width);
        }
    }

    /// <summary>Cuts one crop and leaves its pixels as they are.</summary>
    /// <param name="image">The image.</param>
    /// <param name="toCrop">From image to crop.</param>
    /// <param name="pixels">Receives <c>[H, W, 3]</c>, red first.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public void ReadPixels(RgbImage image, AffineTransform toCrop, Span<byte> pixels) => FixedPointWarp.Warp(image, toCrop, _size, pixels);
}
