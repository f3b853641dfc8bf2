using System.Runtime.InteropServices;
using Mspn.Core;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>
/// The default codec, on SkiaSharp: JPEG (grey, YCbCr and CMYK), PNG (also 16-bit, palette, alpha), WebP, BMP, GIF (first frame).
/// EXIF orientation is applied. Colour profiles are not: pixels are taken as stored, as OpenCV does.
/// </summary>
public sealed class SkiaImageCodec : IImageCodec
{
    private const int JpegQuality = 90;

    /// <summary>The only instance needed; it has no state.</summary>
    public static SkiaImageCodec Instance { get; } = new();

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
        var rgba = new byte[checked(info.Width * info.Height * 4)];
        var handle = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        SKCodecResult result;
        try
        {
            result = codec.GetPixels(info, handle.AddrOfPinnedObject());
        }
        finally
        {
            handle.Free();
        }
        if (result != SKCodecResult.Success)
        {
            throw new PoseDataException(name, $"the image is damaged or cut short ({result}).");
        }
        return Upright(rgba, info.Width, info.Height, codec.EncodedOrigin);
    }

    /// <inheritdoc />
    public byte[] Encode(RgbImage image, ImageFileFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var bitmap = ToBitmap(image);
        using var data = bitmap.Encode(format == ImageFileFormat.Png ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, JpegQuality);
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

    /// <summary>The pixels of a Skia bitmap of colour type RGBA 8888; transparency is dropped.</summary>
    public static RgbImage FromBitmap(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        if (bitmap.ColorType != SKColorType.Rgba8888)
        {
            throw new ArgumentException($"The bitmap must be RGBA 8888, not {bitmap.ColorType}.", nameof(bitmap));
        }
        return Upright(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, SKEncodedOrigin.TopLeft);
    }

    // Where pixel (x, y) of the stored image goes, for the eight EXIF orientations.
    private static RgbImage Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var swapped = origin >= SKEncodedOrigin.LeftTop;
        var image = swapped ? new RgbImage(width, height) : new RgbImage(height, width);
        var target = image.Pixels;
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
            SKEncodedOrigin.LeftBottom => ((h - 1) * w, -w, 1),
            _ => (0, 1, w),
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
