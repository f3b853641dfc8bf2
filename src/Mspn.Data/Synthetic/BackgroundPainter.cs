using SkiaSharp;

namespace Mspn.Data;

/// <summary>Draws what is behind people: a wall, perhaps with a floor, stripes, tiles or blotches, and clutter.</summary>
internal sealed class BackgroundPainter(SKCanvas canvas, SampleRandom random, int width, int height)
{
    public void Paint(SKColor colour, double clutterProbability)
    {
        using var paint = new SKPaint { IsAntialias = true };
        Gradient(paint, new SKRect(0, 0, width, height), colour);
        switch (random.NextInt(6))
        {
            case 0:
                Stripes(paint, colour);
                break;
            case 1:
                Tiles(paint, colour);
                break;
            case 2 or 3:
                Blotches(paint, colour);
                break;
        }
        if (random.Chance(0.5))
        {
            Gradient(paint, new SKRect(0, random.Between(0.6, 0.92) * height, width, height), Palette.Background(random));
        }
        if (random.Chance(clutterProbability))
        {
            Clutter(paint, colour);
        }
    }

    private void Gradient(SKPaint paint, SKRect area, SKColor colour)
    {
        var end = new SKPoint(area.Left + random.Between(-0.6, 0.6) * width, area.Bottom);
        SKColor[] colours = [Palette.Shade(colour, random.Between(0.85, 1.15)), Palette.Shade(colour, random.Between(0.7, 1.05))];
        using var shader = SKShader.CreateLinearGradient(new SKPoint(area.Left, area.Top), end, colours, SKShaderTileMode.Clamp);
        paint.Color = colour;
        paint.Shader = shader;
        canvas.DrawRect(area, paint);
        paint.Shader = null;
    }

    private void Stripes(SKPaint paint, SKColor colour)
    {
        var reach = width + height;
        var period = random.Between(0.05, 0.25) * width;
        paint.Color = Palette.Shade(colour, random.Between(0.75, 1.25));
        canvas.Save();
        canvas.RotateDegrees(random.Chance(0.5) ? 90 * random.NextInt(2) : random.Between(0, 180), width / 2f, height / 2f);
        for (var x = -reach + random.Between(0, period); x < 2 * reach; x += period)
        {
            canvas.DrawRect(x, -reach, random.Between(0.4, 0.6) * period, 3 * reach, paint);
        }
        canvas.Restore();
    }

    private void Tiles(SKPaint paint, SKColor colour)
    {
        var size = random.Between(0.1, 0.3) * width;
        paint.Color = Palette.Shade(colour, random.Between(0.75, 1.2));
        for (var row = 0; row * size < height; row++)
        {
            for (var column = row % 2; column * size < width; column += 2)
            {
                canvas.DrawRect(column * size, row * size, size, size, paint);
            }
        }
    }

    // A few random pixels, enlarged smoothly.
    private void Blotches(SKPaint paint, SKColor colour)
    {
        var cells = 3 + random.NextInt(12);
        using var small = new SKBitmap(new SKImageInfo(cells, cells, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var spread = random.Between(10, 45);
        for (var y = 0; y < cells; y++)
        {
            for (var x = 0; x < cells; x++)
            {
                small.SetPixel(x, y, Palette.Vary(random, colour, spread));
            }
        }
        using var image = SKImage.FromBitmap(small);
        paint.Color = SKColors.White;
        canvas.DrawImage(image, new SKRect(0, 0, width, height), new SKSamplingOptions(SKFilterMode.Linear), paint);
    }

    private void Clutter(SKPaint paint, SKColor colour)
    {
        var pieces = 2 + random.NextInt(9);
        for (var i = 0; i < pieces; i++)
        {
            var centre = new SKPoint(random.Between(0, width), random.Between(0, height));
            var size = new SKSize(random.Between(0.03, 0.2) * width, random.Between(0.03, 0.2) * height);
            paint.Color = random.Chance(0.6) ? Palette.Vary(random, colour, 60) : Palette.Background(random);
            canvas.Save();
            canvas.RotateDegrees(random.Between(0, 180), centre.X, centre.Y);
            var area = new SKRect(centre.X - size.Width, centre.Y - size.Height, centre.X + size.Width, centre.Y + size.Height);
            switch (random.NextInt(3))
            {
                case 0:
                    canvas.DrawRect(area, paint);
                    break;
                case 1:
                    canvas.DrawOval(area, paint);
                    break;
                default: // Like a limb.
                    var thickness = random.Between(0.015, 0.035) * height;
                    area = new SKRect(centre.X - thickness, area.Top, centre.X + thickness, area.Bottom);
                    canvas.DrawRoundRect(area, thickness, thickness, paint);
                    break;
            }
            canvas.Restore();
        }
    }
}
