using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mspn.Data.Tests.Golden;

/// <summary>The reference's made-up images, in the channel order in which it stored them: blue first.</summary>
internal static partial class GoldenImages
{
    private const string SmoothFormula = "B=(2x+y)&255, G=(3y)&255, R=(x*y//32)&255";

    public static RgbImage Noise(string key, int width, int height, ulong seed) =>
        new(height, width, new SeededFill(key, seed).ByteArray(3L * width * height));

    public static RgbImage OfCrop(JsonElement crop, ulong seed)
    {
        if (crop.TryGetProperty("image_key", out var key))
        {
            var size = crop.Numbers("image_wh");
            return Noise(key.GetString()!, (int)size[0], (int)size[1], seed);
        }
        crop.Text("image").Should().EndWith(SmoothFormula);
        var (width, height) = SizeIn(crop.Text("image"));
        return Smooth(width, height);
    }

    public static (int Width, int Height) SizeIn(string text)
    {
        var size = SizePattern().Match(text);
        return (int.Parse(size.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(size.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
    }

    public static RgbImage RedFirst(RgbImage blueFirst)
    {
        var image = blueFirst.Clone();
        for (var i = 0; i < image.Pixels.Length; i += 3)
        {
            (image.Pixels[i], image.Pixels[i + 2]) = (image.Pixels[i + 2], image.Pixels[i]);
        }
        return image;
    }

    public static RgbImage Smooth(int width, int height)
    {
        var image = new RgbImage(height, width);
        for (var i = 0; i < width * height; i++)
        {
            var (y, x) = Math.DivRem(i, width);
            image.Pixels[3 * i] = (byte)(2 * x + y);
            image.Pixels[3 * i + 1] = (byte)(3 * y);
            image.Pixels[3 * i + 2] = (byte)(x * y / 32);
        }
        return image;
    }

    [GeneratedRegex(@"(\d+)x(\d+)")]
    private static partial Regex SizePattern();
}
