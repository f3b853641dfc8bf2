using Mspn.Core;

namespace Mspn.Data.Tests.Images;

internal static class TestImages
{
    public const int Block = 16;

    public static RgbImage Noise(int height, int width, ulong seed = 1) =>
        new(height, width, new SeededFill("noise", seed).ByteArray(3L * height * width));

    /// <summary>Three by two blocks of different colours, as large as JPEG's blocks of colour so that they survive it.</summary>
    public static RgbImage Blocks()
    {
        (byte, byte, byte)[] colours = [(220, 30, 30), (30, 200, 40), (40, 40, 210), (230, 220, 40), (30, 200, 210), (120, 120, 120)];
        var image = new RgbImage(2 * Block, 3 * Block);
        for (var i = 0; i < image.Height * image.Width; i++)
        {
            var (y, x) = Math.DivRem(i, image.Width);
            (image.Pixels[3 * i], image.Pixels[3 * i + 1], image.Pixels[3 * i + 2]) = colours[y / Block * 3 + x / Block];
        }
        return image;
    }

    public static (byte R, byte G, byte B) At(this RgbImage image, int x, int y)
    {
        var i = (y * image.Width + x) * 3;
        return (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]);
    }

    /// <summary>JPEG decoders blend colours over the two pixels beside an edge; those are left out.</summary>
    public static int LargestDifferenceInsideBlocks(RgbImage a, RgbImage b)
    {
        a.Size.Should().Be(b.Size);
        static bool Inside(int position) => position % Block is >= 2 and < Block - 2;
        return a.Pixels.Zip(b.Pixels, (p, q) => Math.Abs(p - q))
            .Where((_, i) => Inside(i / 3 % a.Width) && Inside(i / 3 / a.Width)).Max();
    }

    public static void ShouldFailNaming<T>(this Func<T> read, string path, string problem = "") =>
        FluentActions.Invoking(() => { read(); }).ShouldFailNaming(path, problem);

    public static void ShouldFailNaming(this Action read, string path, string problem = "")
    {
        var error = read.Should().Throw<PoseDataException>().Which;
        error.SourceName.Should().Be(path);
        error.Message.Should().Match($"*{path}*{problem}*");
    }
}
