using SkiaSharp;

namespace Mspn.Data;

/// <summary>Colours.</summary>
internal static class Palette
{
    private static readonly SKColor[] Skins =
    [
        new(0xFF, 0xDB, 0xC4), new(0xF2, 0xC6, 0xA5), new(0xE5, 0xB0, 0x8A), new(0xD2, 0x98, 0x70), new(0xB4, 0x7C, 0x55),
        new(0x93, 0x5F, 0x3E), new(0x74, 0x47, 0x2D), new(0x57, 0x35, 0x22),
    ];

    private static readonly SKColor[] Hairs =
    [
        new(0x1C, 0x16, 0x14), new(0x38, 0x24, 0x18), new(0x5E, 0x3B, 0x22), new(0x8A, 0x5A, 0x2E), new(0xD8, 0xB0, 0x62),
        new(0xA4, 0x45, 0x20), new(0xA9, 0xA6, 0xA2), new(0xE6, 0xE3, 0xDC),
    ];

    /// <summary>Some skin and hair that differ, so that a face is not lost among its hair.</summary>
    public static (SKColor Skin, SKColor Hair) Person(SampleRandom random)
    {
        var skin = Vary(random, random.Pick(Skins), 10);
        var hair = random.Pick(Hairs);
        for (var i = 0; i < 6 && Distance(skin, hair) < 95; i++)
        {
            hair = random.Pick(Hairs);
        }
        return (skin, Vary(random, Distance(skin, hair) < 95 ? Hairs[0] : hair, 8));
    }

    /// <summary>A colour for a wall or floor: seldom vivid, so that people stand out.</summary>
    public static SKColor Background(SampleRandom random) =>
        SKColor.FromHsv(random.Between(0, 360), random.Between(0, 45), random.Between(28, 96));

    /// <summary>Any colour at all.</summary>
    public static SKColor Any(SampleRandom random) =>
        SKColor.FromHsv(random.Between(0, 360), random.Between(0, 95), random.Between(10, 100));

    /// <summary>Any colour that differs clearly from all of the given ones, or nearly so where that is hard.</summary>
    public static SKColor Unlike(SampleRandom random, params ReadOnlySpan<SKColor> others)
    {
        var best = default(SKColor);
        var bestDistance = -1.0;
        for (var i = 0; i < 6 && bestDistance < 110; i++)
        {
            var candidate = Any(random);
            var distance = double.MaxValue;
            foreach (var other in others)
            {
                distance = Math.Min(distance, Distance(candidate, other));
            }
            if (distance > bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }
        return best;
    }

    /// <summary>Brightness times <paramref name="factor"/>.</summary>
    public static SKColor Shade(SKColor colour, float factor) =>
        new(Level(colour.Red * factor), Level(colour.Green * factor), Level(colour.Blue * factor));

    public static SKColor Vary(SampleRandom random, SKColor colour, double spread)
    {
        var light = random.Within(spread);
        return new SKColor(
            Level(colour.Red + light + random.Within(0.4 * spread)),
            Level(colour.Green + light + random.Within(0.4 * spread)),
            Level(colour.Blue + light + random.Within(0.4 * spread)));
    }

    private static double Distance(SKColor a, SKColor b) =>
        Math.Sqrt(Math.Pow(a.Red - b.Red, 2) + Math.Pow(a.Green - b.Green, 2) + Math.Pow(a.Blue - b.Blue, 2));

    private static byte Level(float value) => (byte)Math.Clamp(value, 0, 255);
}
