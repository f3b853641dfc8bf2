namespace Mspn.Core.Tests.Decoding;

public sealed class BlurredMapTests
{
    public static TheoryData<string> Kinds => ["noise", "peak", "two peaks", "negative", "zeros", "steps", "edge", "infinite", "not a number"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Leaving_out_rows_that_cannot_hold_a_maximum_changes_no_maximum(string kind)
    {
        var random = new Random(kind.Length);
        foreach (var (height, width, kernel, border) in new[] { (64, 48, 5, 10), (64, 48, 9, 10), (7, 5, 5, 10), (33, 20, 21, 10), (1, 1, 5, 10), (16, 12, 3, 0) })
        {
            var size = new ImageSize(height, width);
            using var whole = BlurredMap.WithBorder(size, kernel, border);
            using var part = BlurredMap.WithBorder(size, kernel, border);
            for (var repetition = 0; repetition < 40; repetition++)
            {
                var map = Map(kind, size, random);
                whole.Blur<double>(map);
                part.Blur<double>(map, maxima: 3);
                ShouldHaveTheSameMaxima(part, whole);
                var singles = Array.ConvertAll(map, value => (float)value);
                whole.Blur<double>(Array.ConvertAll(singles, value => (double)value));
                part.Blur<float>(singles, maxima: 3);
                ShouldHaveTheSameMaxima(part, whole);
            }
        }
    }

    private static void ShouldHaveTheSameMaxima(BlurredMap part, BlurredMap whole)
    {
        for (var i = 0; i < 3; i++)
        {
            part.TakeMaximum().Should().Be(whole.TakeMaximum(), "this is maximum {0}", i);
        }
    }

    private static double[] Map(string kind, ImageSize size, Random random)
    {
        var map = new double[size.Height * size.Width];
        double Peak(int i, int y, int x) => Math.Exp(-(Math.Pow(i / size.Width - y, 2) + Math.Pow(i % size.Width - x, 2)) / 8);
        var (top, left, bottom, right) = (random.Next(size.Height), random.Next(size.Width), random.Next(size.Height), random.Next(size.Width));
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = kind switch
            {
                "noise" => random.NextDouble() - 0.5,
                "peak" => 255 * Peak(i, top, left) + random.NextDouble(),
                "two peaks" => 200 * (Peak(i, top, left) + Peak(i, bottom, right)),
                "negative" => -1 - random.NextDouble(),
                "steps" => random.Next(3),
                "edge" => i < size.Width || i % size.Width == size.Width - 1 ? 1 : 0,
                _ => 0,
            };
        }
        if (kind is "infinite" or "not a number")
        {
            map[random.Next(map.Length)] = kind == "infinite" ? double.PositiveInfinity : double.NaN;
        }
        return map;
    }
}
