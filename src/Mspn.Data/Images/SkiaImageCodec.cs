using System.Buffers;
using System.Runtime.InteropServices;
using Mspn.Core;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>
/// The default codec, on SkiaSharp: JPEG (grey, YCbCr and CMYK), PNG (also 16-bit, palette, alpha), WebP, BMP, GIF (first frame).
/// EXIF orientation is applied. Colour profiles are not: pixels are taken as stored, as OpenCV does. Of 16 bits the upper 8 are taken. Images that are
/// damaged or cut short are refused, where OpenCV gives what it could read.
/// </summary>
/// <remarks>JPEG and PNG files were compared with OpenCV 4.6's <c>imread</c>, the reader of most training code: all pixels are the same.</remarks>
public sealed class SkiaImageCodec : IImageCodec
{
    private const int DefaultJpegQuality = 90;
    private const int DefaultMaximumPixels = 1 << 27;

    private readonly int _maximumPixels = DefaultMaximumPixels;
    private readonly int _jpegQuality = DefaultJpegQuality;

    /// <summary>The codec with the default limit and quality; it has no state.</summary>
    public static SkiaImageCodec Instance { get; } = new();

    /// <summary>
    /// The most pixels that an image may claim to have, from 1 to 536 million (four bytes each must fit an array), so that a small file cannot ask
    /// for all memory: a larger one is refused before anything is allocated. Decoding takes 7 bytes a pixel. Default 2²⁷, 134 million.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public int MaximumPixels
    {
        get => _maximumPixels;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Array.MaxLength / 4);
            _maximumPixels = value;
        }
    }

    /// <summary>What JPEG files are written with, from 1 (small) to 100 (like the image). Default 90.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public int JpegQuality
    {
        get => _jpegQuality;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            _jpegQuality = value;
        }
    }

    /// <inheritdoc />
    public RgbImage Decode(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
        {
            throw new PoseDataException(name, "the image file is empty.");
        }
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data)
            ?? throw new PoseDataException(name, "this is not an image file that can be read (JPEG, PNG, WebP, BMP, GIF).");
        // No colour space: Skia then leaves the stored values alone.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        if ((long)info.Width * info.Height > MaximumPixels)
        {
            throw new PoseDataException(
                name,
                $"the image claims {info.Width}×{info.Height} pixels, more than the {MaximumPixels} that are decoded ({nameof(SkiaImageCodec)}.{nameof(MaximumPixels)}).");
        }
        var size = info.Width * info.Height * 4;
        var rgba = ArrayPool<byte>.Shared.Rent(size);
        var handle = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            var result = codec.GetPixels(info, handle.AddrOfPinnedObject());
            return result == SKCodecResult.Success
                ? Upright(rgba.AsSpan(0, size), info.Width, info.Height, codec.EncodedOrigin)
                : throw new PoseDataException(name, $"the image is damaged or cut short ({result}).");
        }
        finally
        {
            handle.Free();
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The image is larger than the format allows: 65,500 pixels a side in JPEG.</exception>
    public byte[] Encode(RgbImage image, ImageFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var bitmap = ToBitmap(image);
        using var data = bitmap.Encode(format == ImageFileFormat.Png ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, JpegQuality)
            ?? throw new ArgumentException($"An image of {image.Size} pixels cannot be written as {format}.", nameof(image));
        return data.ToArray();
    }

    /// <summary>A Skia bitmap with the same pixels, to draw on. The caller disposes it.</summary>
    public static SKBitmap ToBitmap(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        var source = image.Pixels;
        for (int i = 0, o = 0; i < source.Length; i += 3, o += 4)
        {
            target[o] = source[i];
            target[o + 1] = source[i + 1];
            target[o + 2] = source[i + 2];
            target[o + 3] = 255;
        }
        return bitmap;
    }

    /// <summary>The pixels of a Skia bitmap of colour type RGBA 8888; transparency is dropped. The bitmap stays the caller's.</summary>
    /// <exception cref="ArgumentException">It has another colour type.</exception>
    public static RgbImage FromBitmap(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        if (bitmap.ColorType != SKColorType.Rgba8888)
        {
            throw new ArgumentException($"The bitmap must be RGBA 8888, not {bitmap.ColorType}.", nameof(bitmap));
        }
        if (bitmap.RowBytes != 4 * bitmap.Width)
        {
            // A part of a larger bitmap: between its rows lies what belongs to that one.
            using var own = bitmap.Copy();
            return FromBitmap(own);
        }
        return Upright(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, SKEncodedOrigin.TopLeft);
    }

    // Where pixel (x, y) of the stored image goes, for the eight EXIF orientations.
    private static RgbImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var swapped = origin >= SKEncodedOrigin.LeftTop;
        var image = swapped ? new RgbImage(width, height) : new RgbImage(height, width);
        var target = image.Pixels;
        if (origin is < SKEncodedOrigin.TopRight or > SKEncodedOrigin.LeftBottom)
        {
            PackedPixels.DropAlpha(rgba, target);
            return image;
        }
        // The target index is linear in x and y: start + x * perX + y * perY.
        var w = image.Width;
        var h = image.Height;
        var (start, perX, perY) = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => (h * w - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => ((h - 1) * w, 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (w - 1, w, -1),
            SKEncodedOrigin.RightBottom => (h * w - 1, -w, -1),
            _ => ((h - 1) * w, -w, 1),
        };
        var i = 0;
        for (var y = 0; y < height; y++)
        {
            var o = (start + y * perY) * 3;
            for (var x = 0; x < width; x++, i += 4, o += perX * 3)
            {
                target[o] = rgba[i];
                target[o + 1] = rgba[i + 1];
                target[o + 2] = rgba[i + 2];
            }
        }
        return image;
    }
}
