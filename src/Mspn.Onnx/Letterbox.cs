using Mspn.Core;
using Mspn.Data;

namespace Mspn.Onnx;

/// <summary>
/// An image scaled to fit the top left of a detector's input, the rest grey, as YOLOX's <c>preproc</c> does it: blue, green, red as numbers from 0 to 255.
/// </summary>
/// <remarks>Scaled as OpenCV's bilinear <c>resize</c> does, which takes four pixels however much smaller the image becomes.</remarks>
internal sealed class Letterbox
{
    private const float Grey = 114;
    private const int Channels = 3;

    private readonly ImageSize _image;
    private readonly ImageSize _input;
    private readonly ImageSize _scaled;

    /// <summary>Where an image of one size goes in an input of another.</summary>
    public Letterbox(ImageSize image, ImageSize input)
    {
        (_image, _input) = (image, input);
        Scale = Math.Min((double)input.Width / image.Width, (double)input.Height / image.Height);
        // A long and narrow image keeps at least a row.
        _scaled = new ImageSize(Math.Max(1, (int)(image.Height * Scale)), Math.Max(1, (int)(image.Width * Scale)));
    }

    /// <summary>Input pixels for each image pixel.</summary>
    public double Scale { get; }

    /// <summary>The input's values, <c>[3, height, width]</c>.</summary>
    public float[] Read(RgbImage image)
    {
        var values = new float[Channels * _input.Height * _input.Width];
        Array.Fill(values, Grey);
        var columns = Taps(_image.Width, _scaled.Width);
        var rows = Taps(_image.Height, _scaled.Height);
        var plane = _input.Height * _input.Width;
        var stride = _image.Width * Channels;
        for (var y = 0; y < _scaled.Height; y++)
        {
            var (above, below, down) = rows[y];
            var upper = image.Pixels.AsSpan(above * stride, stride);
            var lower = image.Pixels.AsSpan(below * stride, stride);
            for (var x = 0; x < _scaled.Width; x++)
            {
                var (left, right, across) = columns[x];
                for (var c = 0; c < Channels; c++)
                {
                    var top = Between(upper[left * Channels + c], upper[right * Channels + c], across);
                    var bottom = Between(lower[left * Channels + c], lower[right * Channels + c], across);
                    values[(Channels - 1 - c) * plane + y * _input.Width + x] = MathF.Round(Between(top, bottom, down));
                }
            }
        }
        return values;
    }

    /// <summary>A box of the input as one of the image, cut at its edges.</summary>
    public Box ToImage(Box box)
    {
        var left = Math.Clamp(box.X / Scale, 0, _image.Width);
        var top = Math.Clamp(box.Y / Scale, 0, _image.Height);
        var right = Math.Clamp((box.X + box.Width) / Scale, 0, _image.Width);
        var bottom = Math.Clamp((box.Y + box.Height) / Scale, 0, _image.Height);
        return new Box(left, top, right - left, bottom - top);
    }

    private static float Between(float a, float b, float part) => a + (b - a) * part;

    // For each scaled pixel the two that it lies between, and how far it is towards the second.
    private static (int First, int Second, float Part)[] Taps(int from, int to)
    {
        var taps = new (int, int, float)[to];
        for (var i = 0; i < to; i++)
        {
            var position = Math.Clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
            var first = (int)position;
            taps[i] = (first, Math.Min(first + 1, from - 1), (float)(position - first));
        }
        return taps;
    }
}
