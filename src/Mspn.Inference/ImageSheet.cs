using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>Puts pictures side by side.</summary>
public static class ImageSheet
{
    /// <summary>A sheet of equal cells; each picture is shrunk or enlarged to fit its cell.</summary>
    /// <param name="images">The pictures, row by row.</param>
    /// <param name="columns">Cells per row.</param>
    /// <param name="cellWidth">Width of a cell in pixels. Default 320.</param>
    /// <param name="cellHeight">Height of a cell in pixels. Default 320.</param>
    public static RgbImage Compose(IReadOnlyList<RgbImage> images, int columns, int cellWidth = 320, int cellHeight = 320)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        const int gap = 4;
        columns = Math.Min(columns, images.Count);
        var rows = (images.Count + columns - 1) / columns;
        using var sheet = new SKBitmap(new SKImageInfo(
            columns * (cellWidth + gap) + gap, rows * (cellHeight + gap) + gap, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(new SKColor(32, 32, 32));
        for (var i = 0; i < images.Count; i++)
        {
            using var bitmap = SkiaImageCodec.ToBitmap(images[i]);
            using var picture = SKImage.FromBitmap(bitmap);
            var scale = Math.Min((float)cellWidth / bitmap.Width, (float)cellHeight / bitmap.Height);
            var (w, h) = (bitmap.Width * scale, bitmap.Height * scale);
            var x = gap + i % columns * (cellWidth + gap) + (cellWidth - w) / 2;
            var y = gap + i / columns * (cellHeight + gap) + (cellHeight - h) / 2;
            canvas.DrawImage(picture, SKRect.Create(x, y, w, h), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(sheet);
    }
}
