using Mspn.Core;

namespace Mspn.Data.Tests.Targets;

public class CoarseToFineHeatmapTargetTests
{
    private static readonly ImageSize Crop = new(64, 48);
    private static readonly ImageSize Map = new(16, 12);

    public static TheoryData<int[]> InvalidKernels => [[], [4], [0], [-3], [7, 6]];

    [Theory]
    [InlineData(24.0, 32.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(47.0, 63.0)]
    [InlineData(3.9, 30.1)]
    public void Every_map_peaks_at_the_keypoint(double x, double y)
    {
        var target = new CoarseToFineHeatmapTarget();

        var maps = Encode(target, new Keypoint(x, y, 1));

        maps.Should().HaveCount(target.Kernels.Count);
        foreach (var map in maps)
        {
            // One rounding below: the reference divides in single precision and gets 254.99998 too.
            map.Max().Should().BeApproximately(255, 2e-5f);
            Array.IndexOf(map, map.Max()).Should().Be((int)(y / 4) * Map.Width + (int)(x / 4));
        }
    }

    [Fact]
    public void Wider_kernels_make_wider_peaks()
    {
        var sums = Encode(new CoarseToFineHeatmapTarget(), new Keypoint(24, 32, 2)).Select(m => m.Sum()).ToArray();

        sums.Should().BeInDescendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_kernel_reaches_half_its_size()
    {
        var map = Encode(new CoarseToFineHeatmapTarget([5]), new Keypoint(24, 32, 2))[0];

        Enumerable.Range(0, map.Length).Where(i => map[i] > 0).Should().OnlyContain(
            i => Math.Abs(i % Map.Width - 6) <= 2 && Math.Abs(i / Map.Width - 8) <= 2).And.HaveCount(25);
    }

    [Fact]
    public void Another_peak_only_changes_the_height()
    {
        var high = Encode(new CoarseToFineHeatmapTarget(), new Keypoint(10, 10, 2));
        var low = Encode(new CoarseToFineHeatmapTarget(peak: 1), new Keypoint(10, 10, 2));

        low.SelectMany(m => m).Zip(high.SelectMany(m => m), (a, b) => Math.Abs(a * 255 - b)).Max().Should().BeLessThan(1e-4f);
    }

    [Fact]
    public void Mmposes_maps_have_the_peak_at_the_keypoint_also_beside_an_edge()
    {
        var beside = new Keypoint(4, 32, 2);
        var mmpose = Encode(new CoarseToFineHeatmapTarget { Convention = HeatmapConvention.Mmpose }, beside)[0];
        var official = Encode(new CoarseToFineHeatmapTarget(), beside)[0];

        const int at = 8 * 12 + 1;
        mmpose[at].Should().BeApproximately(255, 1e-4f);
        mmpose.Max().Should().BeGreaterThan(256);
        official.Max().Should().BeApproximately(255, 1e-4f);
        official.Zip(mmpose, (o, m) => Math.Abs(o - m * official[at] / 255)).Max().Should().BeLessThan(1e-3f);
    }

    [Fact]
    public void Mmpose_draws_keypoints_from_a_visibility_of_a_half_on()
    {
        var target = new CoarseToFineHeatmapTarget([3]) { Convention = HeatmapConvention.Mmpose };
        Encode(target, new Keypoint(24, 32, 0.5f))[0].Max().Should().BeApproximately(255, 1e-4f);
        Encode(target, new Keypoint(24, 32, 0.4f))[0].Max().Should().Be(0);
    }

    [Theory]
    [InlineData(24.0, 32.0, 0f)]
    [InlineData(24.0, 32.0, 0.5f)]
    [InlineData(-4.0, 32.0, 2f)]
    [InlineData(48.0, 32.0, 2f)]
    [InlineData(24.0, 64.0, 2f)]
    public void Keypoints_that_are_unlabelled_or_outside_get_maps_of_zeros(double x, double y, float visibility) =>
        Encode(new CoarseToFineHeatmapTarget(), new Keypoint(x, y, visibility)).SelectMany(m => m).Should().OnlyContain(v => v == 0);

    [Fact]
    public void Old_contents_are_overwritten()
    {
        var maps = new float[Map.Height * Map.Width];
        Array.Fill(maps, 7f);

        new CoarseToFineHeatmapTarget([3]).Encode([new Keypoint(0, 0, 0)], Crop, Map, maps);

        maps.Should().OnlyContain(v => v == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_last_stage_alone_takes_the_narrower_kernels(int stages)
    {
        var target = new CoarseToFineHeatmapTarget();
        for (var stage = 0; stage < stages; stage++)
        {
            int[] expected = stage == stages - 1 ? [11, 9, 7, 5] : [15, 11, 9, 7];
            Enumerable.Range(0, 4).Select(scale => target.KernelFor(stage, stages, scale, 4)).Should().Equal(expected, $"stage {stage}");
        }
    }

    [Fact]
    public void Fewer_kernels_than_scales_are_refused() =>
        FluentActions.Invoking(() => new CoarseToFineHeatmapTarget([7, 5]).KernelFor(0, 1, 0, 4)).Should().Throw<ArgumentException>();

    [Fact]
    public void Kernels_are_its_own()
    {
        int[] kernels = [7, 5];
        var target = new CoarseToFineHeatmapTarget(kernels);

        kernels[0] = 99;

        target.Kernels.Should().Equal(7, 5);
    }

    [Theory]
    [MemberData(nameof(InvalidKernels))]
    public void Invalid_kernels_are_refused(int[] kernels) =>
        FluentActions.Invoking(() => new CoarseToFineHeatmapTarget(kernels)).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_invalid_peak_is_refused(double peak) =>
        FluentActions.Invoking(() => new CoarseToFineHeatmapTarget(peak: peak)).Should().Throw<ArgumentException>();

    [Fact]
    public void A_target_of_another_size_is_refused() =>
        FluentActions.Invoking(() => new CoarseToFineHeatmapTarget([3]).Encode([new Keypoint(0, 0, 0)], Crop, Map, new float[5]))
            .Should().Throw<ArgumentException>().WithMessage("*192*5*");

    private static float[][] Encode(CoarseToFineHeatmapTarget target, Keypoint keypoint)
    {
        var maps = new float[target.Kernels.Count * Map.Height * Map.Width];
        target.Encode([keypoint], Crop, Map, maps);
        return [.. maps.Chunk(Map.Height * Map.Width)];
    }
}
