using Mspn.Core;

namespace Mspn.Data;

/// <summary>An 8-bit RGB picture in managed memory: interleaved rows, no padding. Nothing to dispose.</summary>
public sealed class RgbImage
{
    /// <summary>A black image.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="OverflowException">The image has more bytes than an array.</exception>
    public RgbImage(int height, int width)
        : this(height, width, new byte[checked(Positive(height, nameof(height)) * Positive(width, nameof(width)) * 3)])
    {
    }

    /// <summary>Wraps existing pixels; the array is not copied.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="pixels"><c>height × width × 3</c> bytes: R, G, B of the top left pixel first, row by row.</param>
    /// <exception cref="ArgumentException">A side is below 1, or there are more or fewer bytes.</exception>
    public RgbImage(int height, int width, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var expected = (long)Positive(height, nameof(height)) * Positive(width, nameof(width)) * 3;
        if (pixels.LongLength != expected)
        {
            throw new ArgumentException($"An image of {height}×{width} needs {expected} bytes, not {pixels.LongLength}.", nameof(pixels));
        }
        Height = height;
        Width = width;
        Pixels = pixels;
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The pixels themselves (not a copy): <c>[Height, Width, 3]</c>, R first.</summary>
    public byte[] Pixels { get; }

    /// <summary>Height and width.</summary>
    public ImageSize Size => new(Height, Width);

    /// <summary>A copy with pixels of its own.</summary>
    public RgbImage Clone() => new(Height, Width, (byte[])Pixels.Clone());

    /// <summary>The image scaled by a factor, with the cubic interpolation of OpenCV's <c>resize(fx, fy, INTER_CUBIC)</c>, bit for bit.</summary>
    /// <param name="scale">The factor. The new height and width are rounded, halves to even; positions follow the factor itself.</param>
    /// <returns>A new image.</returns>
    /// <exception cref="ArgumentException">Nothing, or far too much, would be left of the image.</exception>
    public RgbImage Resized(double scale) => Resized(ImageFrame.ForScale(Size, scale, stride: 1).Scaled, 1 / scale, 1 / scale);

    /// <summary>The image in another size, with the cubic interpolation of OpenCV's <c>resize(dsize, INTER_CUBIC)</c>, bit for bit.</summary>
    /// <param name="size">The new height and width, at least 1 each.</param>
    /// <returns>A new image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public RgbImage Resized(ImageSize size) => Resized(size, 1 / ((double)size.Width / Width), 1 / ((double)size.Height / Height));

    /// <summary>Reads a JPEG, PNG, WebP, BMP or GIF file, turned upright if its EXIF data says so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="codec">What decodes it; default <see cref="SkiaImageCodec.Instance"/>.</param>
    /// <exception cref="PoseDataException">The file is missing, unreadable or not an image; the message names it.</exception>
    public static RgbImage Load(string path, IImageCodec? codec = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) // the last: an annotation's name can be no path
        {
            throw PoseDataException.Unreadable(path, "image file", e);
        }
        return (codec ?? SkiaImageCodec.Instance).Decode(bytes, path);
    }

    /// <summary>Writes a PNG or JPEG file, by the path's extension; missing folders are created.</summary>
    /// <param name="path">The file: <c>.png</c>, <c>.jpg</c> or <c>.jpeg</c>.</param>
    /// <param name="codec">What encodes it; default <see cref="SkiaImageCodec.Instance"/>.</param>
    /// <exception cref="ArgumentException">Another extension.</exception>
    /// <exception cref="PoseDataException">The file or its folder cannot be written.</exception>
    public void Save(string path, IImageCodec? codec = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ImageFileFormat.Png,
            ".jpg" or ".jpeg" => ImageFileFormat.Jpeg,
            var other => throw new ArgumentException($"Cannot write '{path}': '{other}' is not .png, .jpg or .jpeg.", nameof(path)),
        };
        var bytes = (codec ?? SkiaImageCodec.Instance).Encode(this, format);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"the picture cannot be written ({e.Message})", e);
        }
    }

    private RgbImage Resized(ImageSize size, double stepX, double stepY)
    {
        // As in OpenCV, even if the factor is not exactly 1.
        if (size == Size)
        {
            return Clone();
        }
        var target = new RgbImage(size.Height, size.Width);
        FixedPointCubic.Resize(this, target, stepX, stepY);
        return target;
    }

    private static int Positive(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }
}
