using Mspn.Data;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>Puts pictures side by side.</summary>
public static class ImageSheet
{
    private const int Gap = 4;
    private const float Letter = 2;
    private const string Cut = "...";
    private static readonly SKColor Ground = new(32, 32, 32);

    /// <summary>Height of a row of titles.</summary>
    internal static int TitleHeight { get; } = (int)PixelText.Height(Letter) + 2 * Gap;

    /// <summary>A sheet of equal cells; each picture is shrunk or enlarged to fit its cell.</summary>
    /// <param name="images">The pictures, row by row.</param>
    /// <param name="columns">Cells per row.</param>
    /// <param name="cellWidth">Width of a cell in pixels. Default 320.</param>
    /// <param name="cellHeight">Height of a cell in pixels. Default 320.</param>
    /// <param name="titles">A line above each picture, cut to the cell's width; ASCII, other characters become question marks. Default none.</param>
    /// <exception cref="ArgumentException">No pictures or columns, or another number of titles than of pictures.</exception>
    public static RgbImage Compose(
        IReadOnlyList<RgbImage> images, int columns, int cellWidth = 320, int cellHeight = 320, IReadOnlyList<string>? titles = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellHeight, 1);
        if (titles is not null && titles.Count != images.Count)
        {
            throw new ArgumentException($"{images.Count} pictures need as many titles, not {titles.Count}.", nameof(titles));
        }
        columns = Math.Min(columns, images.Count);
        var rows = (images.Count + columns - 1) / columns;
        var titleHeight = titles is null ? 0 : TitleHeight;
        using var sheet = new SKBitmap(new SKImageInfo(
            columns * (cellWidth + Gap) + Gap, rows * (titleHeight + cellHeight + Gap) + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(Ground);
        for (var i = 0; i < images.Count; i++)
        {
            var (x, y) = (Gap + i % columns * (cellWidth + Gap), Gap + i / columns * (titleHeight + cellHeight + Gap));
            if (titles is not null)
            {
                PixelText.Draw(canvas, Shortened(titles[i], cellWidth), x + cellWidth / 2f, y + Gap, Letter, SKColors.White, align: 0.5f);
            }
            using var bitmap = SkiaImageCodec.ToBitmap(images[i]);
            using var picture = SKImage.FromBitmap(bitmap);
            var scale = Math.Min((float)cellWidth / bitmap.Width, (float)cellHeight / bitmap.Height);
            var (w, h) = (bitmap.Width * scale, bitmap.Height * scale);
            canvas.DrawImage(
                picture, SKRect.Create(x + (cellWidth - w) / 2, y + titleHeight + (cellHeight - h) / 2, w, h),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
        canvas.Flush();
        return SkiaImageCodec.FromBitmap(sheet);
    }

    private static string Shortened(string title, int width)
    {
        while (PixelText.Width(title, Letter) > width && title.Length > Cut.Length)
        {
            title = title[..^(Cut.Length + 1)] + Cut;
        }
        return title;
    }
}
