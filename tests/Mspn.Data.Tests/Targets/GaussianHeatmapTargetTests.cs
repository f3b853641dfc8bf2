using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data.Tests.Targets;

public class GaussianHeatmapTargetTests
{
    private static readonly ImageSize Crop = new(64, 48);
    private static readonly ImageSize Map = new(16, 12);

    [Theory]
    [InlineData(24.0, 32.0, 6, 8)]
    [InlineData(25.9, 33.9, 6, 8)]
    [InlineData(26.0, 34.0, 7, 9)]
    [InlineData(0.0, 0.0, 0, 0)]
    [InlineData(45.9, 61.9, 11, 15)]
    public void Maps_peak_at_the_nearest_cell(double x, double y, int column, int row)
    {
        var map = Encode(new GaussianHeatmapTarget(), new Keypoint(x, y, 1));

        map.Max().Should().Be(1);
        Array.IndexOf(map, 1f).Should().Be(row * Map.Width + column);
    }

    [Fact]
    public void The_gaussian_has_its_sigma_and_ends_at_three()
    {
        var map = Encode(new GaussianHeatmapTarget(sigma: 1), new Keypoint(24, 32, 1));

        map[8 * Map.Width + 7].Should().BeApproximately((float)Math.Exp(-0.5), 1e-7f);
        map[10 * Map.Width + 7].Should().BeApproximately((float)Math.Exp(-2.5), 1e-7f);
        Enumerable.Range(0, map.Length).Where(i => map[i] > 0).Should().OnlyContain(
            i => Math.Abs(i % Map.Width - 6) <= 3 && Math.Abs(i / Map.Width - 8) <= 3).And.HaveCount(49);
    }

    [Fact]
    public void The_unbiased_gaussian_is_centred_on_the_keypoint_and_not_cut_off()
    {
        var map = Encode(new GaussianHeatmapTarget(sigma: 2, unbiased: true, peak: 10), new Keypoint(4 * 5.25, 4 * 7.5, 1));

        map.Should().OnlyContain(v => v > 0);
        map[7 * Map.Width + 5].Should().BeApproximately((float)(10 * Math.Exp(-(0.25 * 0.25 + 0.5 * 0.5) / 8)), 1e-5f);
        map[9 * Map.Width + 2].Should().BeApproximately((float)(10 * Math.Exp(-(3.25 * 3.25 + 1.5 * 1.5) / 8)), 1e-5f);
    }

    [Fact]
    public void The_unbiased_decoder_reads_unbiased_maps_back()
    {
        using var maps = tensor(Encode(new GaussianHeatmapTarget(unbiased: true), new Keypoint(21.3, 29.1, 1)), [1, 1, Map.Height, Map.Width]);

        // The zeros beyond the map's edges pull a little.
        var found = new DarkHeatmapDecoder { Kernel = 5 }.Decode(maps, Crop)[0][0];

        found.X.Should().BeApproximately(21.3, 0.1);
        found.Y.Should().BeApproximately(29.1, 0.1);
    }

    [Theory]
    [InlineData(24.0, 32.0, 0.4f, true)]
    [InlineData(-4.0, 32.0, 1f, true)]
    [InlineData(-40.0, 32.0, 1f, false)]
    [InlineData(24.0, 100.0, 1f, false)]
    public void Keypoints_outside_are_drawn_as_far_as_they_reach(double x, double y, float visibility, bool reaches)
    {
        var keypoint = new Keypoint(x, y, visibility);
        foreach (var target in new[] { new GaussianHeatmapTarget(), new GaussianHeatmapTarget(unbiased: true) })
        {
            target.Reaches(keypoint, Crop, Map).Should().Be(reaches);
            Encode(target, keypoint).Any(v => v > 0).Should().Be(reaches && visibility >= 0.5f);
        }
    }

    [Fact]
    public void Old_contents_are_overwritten()
    {
        var maps = new float[Map.Height * Map.Width];
        Array.Fill(maps, 7f);

        new GaussianHeatmapTarget().Encode([new Keypoint(0, 0, 0)], Crop, Map, maps);

        maps.Should().OnlyContain(v => v == 0);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Invalid_numbers_are_refused(double number)
    {
        FluentActions.Invoking(() => new GaussianHeatmapTarget(sigma: number)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GaussianHeatmapTarget(peak: number)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_target_of_another_size_is_refused() =>
        FluentActions.Invoking(() => new GaussianHeatmapTarget().Encode([new Keypoint(0, 0, 0)], Crop, Map, new float[5]))
            .Should().Throw<ArgumentException>().WithMessage("*192*5*");

    private static float[] Encode(GaussianHeatmapTarget target, Keypoint keypoint)
    {
        var map = new float[Map.Height * Map.Width];
        target.Encode([keypoint], Crop, Map, map);
        return map;
    }
}
