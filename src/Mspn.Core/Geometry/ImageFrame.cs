namespace Mspn.Core;

/// <summary>
/// How a whole image lies in a network's input: scaled, then filled up at the right and the bottom to a multiple of the network's stride.
/// Leads the network's maps back to the image's pixels.
/// </summary>
/// <param name="Image">Size of the image.</param>
/// <param name="Scaled">Its size after scaling.</param>
/// <param name="Padded">Size of the input: <paramref name="Scaled"/>, rounded up.</param>
public sealed record ImageFrame(ImageSize Image, ImageSize Scaled, ImageSize Padded)
{
    /// <summary>The frame of an image that is scaled by a factor.</summary>
    /// <param name="image">Size of the image.</param>
    /// <param name="scale">The factor; halves of pixels are rounded to even.</param>
    /// <param name="stride">What height and width of the input are multiples of, from 1 to 32,767.</param>
    /// <exception cref="ArgumentException">Nothing, or far too much, would be left of the image, or the stride is out of its range.</exception>
    public static ImageFrame ForScale(ImageSize image, double scale, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, short.MaxValue);
        var scaled = new ImageSize(Scale(image.Height, scale, image), Scale(image.Width, scale, image));
        return new ImageFrame(image, scaled, new ImageSize(RoundUp(scaled.Height, stride), RoundUp(scaled.Width, stride)));
    }

    /// <summary>
    /// Brings the network's maps to the image's pixels, as the reference does: cubic interpolation to the size of the input, the filling cut
    /// off, cubic interpolation to the size of the image.
    /// </summary>
    /// <param name="maps"><c>[count, h, w]</c>, row by row, map after map.</param>
    /// <param name="count">Number of maps.</param>
    /// <param name="mapSize">Size of each.</param>
    /// <param name="target">The results, <c>[count, Image.Height, Image.Width]</c>, times <paramref name="weight"/> are <b>added</b> to it,
    /// so that maps of several scales can be averaged: begin with zeros and give each the weight 1 / number of scales.</param>
    /// <param name="weight">Default 1.</param>
    /// <exception cref="ArgumentException">An array does not have its shape.</exception>
    public void AddMaps(ReadOnlyMemory<float> maps, int count, ImageSize mapSize, Memory<float> target, float weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (mapSize.Height < 1 || mapSize.Width < 1 || maps.Length != (Int128)count * mapSize.Height * mapSize.Width)
        {
            throw new ArgumentException($"Expected {count} maps of {mapSize}, given {maps.Length} values.", nameof(maps));
        }
        var values = (Int128)count * Image.Height * Image.Width;
        if (target.Length != values)
        {
            throw new ArgumentException($"{count} maps of {Image} need {values} values, given {target.Length}.", nameof(target));
        }
        var area = target.Length / count;
        var mapArea = mapSize.Height * mapSize.Width;
        Parallel.For(
            0, count, () => (Input: new float[Padded.Height * Padded.Width], Image: new float[area]),
            (i, _, buffers) =>
            {
                CubicMapResize.Resize(maps.Span.Slice(i * mapArea, mapArea), mapSize, mapSize.Width, buffers.Input, Padded);
                CubicMapResize.Resize(buffers.Input, Scaled, Padded.Width, buffers.Image, Image);
                Add(buffers.Image, weight, target.Span.Slice(i * area, area));
                return buffers;
            },
            _ => { });
    }

    private static void Add(ReadOnlySpan<float> values, float weight, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += weight * values[i];
        }
    }

    private static int Scale(int length, double scale, ImageSize image)
    {
        var scaled = Math.Round(length * scale);
        return scaled is >= 1 and <= short.MaxValue
            ? (int)scaled
            : throw new ArgumentException(
                $"An image of {image} scaled by {scale} is not between 1 and {short.MaxValue} pixels high and wide.", nameof(scale));
    }

    private static int RoundUp(int length, int stride) => (length + stride - 1) / stride * stride;
}
