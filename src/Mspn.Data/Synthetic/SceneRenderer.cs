using SkiaSharp;

namespace Mspn.Data;

/// <summary>Draws a scene and degrades the picture a little, as cameras do.</summary>
internal static class SceneRenderer
{
    public static RgbImage Render(SyntheticScene scene, SampleRandom random, SyntheticPeopleOptions options)
    {
        var (height, width) = (options.ImageSize.Height, options.ImageSize.Width);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var painter = new PartPainter(canvas, height))
        {
            new BackgroundPainter(canvas, random, width, height).Paint(scene.Background, options.ClutterProbability);
            foreach (var (part, _) in scene.Parts)
            {
                painter.Paint(part);
            }
        }
        var image = SkiaImageCodec.FromBitmap(bitmap);
        Degrade(image.Pixels, random, options);
        return image;
    }

    private static void Degrade(byte[] pixels, SampleRandom random, SyntheticPeopleOptions options)
    {
        var change = options.MaxBrightnessChange;
        var contrast = 1 + random.Within(change);
        var brightness = 255 * random.Within(change);
        // A slight tint of each channel, in proportion.
        float Gain() => contrast + random.Within(0.3 * change);
        Span<float> gain = [Gain(), Gain(), Gain()];
        // The sum of four bytes is nearly normal, with a standard deviation of 147.8.
        var noise = random.Between(0, options.MaxNoise) / 147.8f;
        ulong bits = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            bits = (i & 1) == 0 ? random.NextUInt64() : bits >> 32;
            var sum = (int)(bits & 255) + (int)((bits >> 8) & 255) + (int)((bits >> 16) & 255) + (int)((bits >> 24) & 255) - 510;
            var value = (pixels[i] - 127.5f) * gain[i % 3] + 127.5f + brightness + noise * sum;
            pixels[i] = (byte)Math.Clamp(value + 0.5f, 0, 255);
        }
    }
}
