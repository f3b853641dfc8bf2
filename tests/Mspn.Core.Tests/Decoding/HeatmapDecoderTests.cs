using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Decoding;

public class HeatmapDecoderTests
{
    private static readonly ImageSize Crop = new(64, 48);

    public static TheoryData<double, double> Peaks => new()
    {
        { 5, 7 }, { 5.2, 7.4 }, { 4.5, 6.75 }, { 2.3, 12.9 }, { 8.9, 3.1 },
    };

    public static TheoryData<int, int> Borders => new()
    {
        { 0, 0 }, { 11, 0 }, { 0, 15 }, { 11, 15 }, { 5, 0 }, { 0, 8 }, { 11, 8 }, { 1, 1 }, { 10, 14 },
    };

    [Theory]
    [MemberData(nameof(Peaks))]
    public void The_official_decoder_finds_a_peak_within_a_quarter_of_a_cell(double x, double y)
    {
        var found = Decode(new OfficialHeatmapDecoder(), (x, y));
        found.X.Should().BeApproximately(4 * x + 2, 1 + 1e-9);
        found.Y.Should().BeApproximately(4 * y + 2, 1 + 1e-9);
        found.Score.Should().BeInRange(1.3, 1.5);
    }

    [Theory]
    [MemberData(nameof(Borders))]
    public void The_official_decoder_stays_inside_the_map_at_its_border(int x, int y)
    {
        var found = Decode(new OfficialHeatmapDecoder(), (x, y));
        // The blur sees zeros beyond the border, which move a wide peak there by up to a cell inwards.
        found.X.Should().BeApproximately(4 * x + 2, 4 + 1e-9).And.BeInRange(2, 46);
        found.Y.Should().BeApproximately(4 * y + 2, 4 + 1e-9).And.BeInRange(2, 62);
    }

    [Fact]
    public void Without_shifts_the_official_decoder_gives_the_cells_centre()
    {
        var found = Decode(new OfficialHeatmapDecoder { Shifts = [] }, (5.3, 7.4));
        (found.X, found.Y).Should().Be((5 * 4 + 2, 7 * 4 + 2));
    }

    [Fact]
    public void A_wider_blur_still_finds_the_peak()
    {
        var found = Decode(new OfficialHeatmapDecoder { Kernel = 9 }, (5, 7));
        found.X.Should().BeApproximately(22, 1 + 1e-9);
        found.Y.Should().BeApproximately(30, 1 + 1e-9);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(3f)]
    [InlineData(-3f)]
    public void The_official_decoder_gives_numbers_for_a_flat_map(float value)
    {
        using var maps = full([1, 1, 16, 12], value);
        var found = new OfficialHeatmapDecoder().Decode(maps, Crop)[0][0];
        found.X.Should().BeInRange(0, 48);
        found.Y.Should().BeInRange(0, 64);
        found.Score.Should().BeApproximately(0.5 + value / 255, 1e-9);
    }

    [Fact]
    public void Noise_never_gives_anything_but_numbers_inside_the_crop()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var maps = randn(8, 17, 16, 12) * 50;
        foreach (var found in new OfficialHeatmapDecoder().Decode(maps, Crop).SelectMany(k => k))
        {
            found.X.Should().BeInRange(0, 48);
            found.Y.Should().BeInRange(0, 64);
            double.IsFinite(found.Score).Should().BeTrue();
        }
    }

    [Fact]
    public void The_score_is_relative_to_the_peak() =>
        Decode(new OfficialHeatmapDecoder { Peak = 510 }, (5, 7)).Score.Should().BeApproximately(1, 1e-6);

    [Fact]
    public void The_mmpose_decoder_moves_an_inner_peak_up_the_slope_and_half_a_cell()
    {
        var found = Decode(new MmposeHeatmapDecoder(), (5.2, 7.4));
        found.X.Should().BeApproximately((5 + 0.25 + 0.5) * 4, 1e-9);
        found.Y.Should().BeApproximately((7 + 0.25 + 0.5) * 4, 1e-9);
        var back = Decode(new MmposeHeatmapDecoder(), (4.8, 6.6));
        back.X.Should().BeApproximately((5 - 0.25 + 0.5) * 4, 1e-9);
        back.Y.Should().BeApproximately((7 - 0.25 + 0.5) * 4, 1e-9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 15)]
    [InlineData(1, 8)]
    [InlineData(5, 1)]
    [InlineData(11, 8)]
    public void The_mmpose_decoder_does_not_move_a_peak_at_an_edge(int x, int y)
    {
        using var maps = zeros(1, 1, 16, 12);
        maps[0, 0, y, x] = 255;
        var found = new MmposeHeatmapDecoder().Decode(maps, Crop)[0][0];
        (found.X, found.Y).Should().Be((4 * x, 4 * y));
    }

    [Fact]
    public void The_mmpose_score_is_the_maps_maximum_also_after_the_blur() =>
        Decode(new MmposeHeatmapDecoder(), (5, 7)).Score.Should().BeApproximately(1.5, 1e-6);

    [Fact]
    public void The_mmpose_decoder_puts_a_map_without_a_positive_value_before_the_first_cell()
    {
        using var maps = full([1, 1, 16, 12], -2f);
        var found = new MmposeHeatmapDecoder().Decode(maps, Crop)[0][0];
        (found.X, found.Y).Should().Be((-4, -4));
    }

    [Fact]
    public void Images_and_keypoints_keep_their_order()
    {
        using var scope = NewDisposeScope();
        var maps = cat([Gaussians((2, 3), (9, 4)), Gaussians((6, 10), (4, 8))]);
        var found = new OfficialHeatmapDecoder { Shifts = [] }.Decode(maps, Crop);
        found.Select(image => image.Select(k => ((k.X - 2) / 4, (k.Y - 2) / 4))).SelectMany(k => k)
            .Should().Equal((2, 3), (9, 4), (6, 10), (4, 8));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Any_floating_type_is_read(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var found = new OfficialHeatmapDecoder { Shifts = [] }.Decode(Gaussians((6, 10)).to(type), Crop)[0][0];
        (found.X, found.Y).Should().Be((26, 42));
    }

    [Fact]
    public void Maps_that_need_gradients_are_read()
    {
        using var scope = NewDisposeScope();
        new OfficialHeatmapDecoder().Decode(Gaussians((6, 10)).requires_grad_(), Crop).Should().ContainSingle();
    }

    [Fact]
    public void Maps_of_another_rank_are_an_error()
    {
        using var maps = zeros(17, 16, 12);
        var decode = () => new OfficialHeatmapDecoder().Decode(maps, Crop);
        decode.Should().Throw<ArgumentException>().WithMessage("*[N, K, h, w]*[17, 16, 12]*");
    }

    [Theory]
    [InlineData(1, 0, 16, 12)]
    [InlineData(2, 17, 0, 12)]
    [InlineData(1, 17, 16, 0)]
    public void Maps_without_cells_or_keypoints_are_an_error(int n, int k, int h, int w)
    {
        using var maps = zeros(n, k, h, w);
        var decode = () => new MmposeHeatmapDecoder().Decode(maps, Crop);
        decode.Should().Throw<ArgumentException>().WithMessage($"*[N, K, h, w]*[{n}, {k}, {h}, {w}]*");
    }

    [Fact]
    public void No_crops_have_no_keypoints()
    {
        using var maps = zeros(0, 17, 16, 12);
        new OfficialHeatmapDecoder().Decode(maps, Crop).Should().BeEmpty();
    }

    [Fact]
    public void A_crop_without_pixels_is_an_error()
    {
        using var maps = zeros(1, 17, 16, 12);
        var decode = () => new OfficialHeatmapDecoder().Decode(maps, default);
        decode.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("inputSize");
    }

    [Fact]
    public void Blurs_and_peaks_that_cannot_be_are_refused_at_once()
    {
        foreach (var size in new[] { 0, 4, -5 })
        {
            FluentActions.Invoking(() => new OfficialHeatmapDecoder { Kernel = size }).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Kernel");
            FluentActions.Invoking(() => new MmposeHeatmapDecoder { Kernel = size }).Should().Throw<ArgumentOutOfRangeException>();
            FluentActions.Invoking(() => new DarkHeatmapDecoder { Kernel = size }).Should().Throw<ArgumentOutOfRangeException>();
        }
        FluentActions.Invoking(() => new MsraHeatmapDecoder { Peak = 0 }).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Peak");
    }

    [Fact]
    public void Decoding_frees_what_it_makes()
    {
        using var maps = zeros(2, 3, 16, 12);
        LiveTensors.ShouldNotGrowDuring(() => new OfficialHeatmapDecoder().Decode(maps, Crop));
    }

    private static KeypointPrediction Decode(HeatmapDecoder decoder, (double X, double Y) peak)
    {
        using var scope = NewDisposeScope();
        return decoder.Decode(Gaussians(peak), Crop)[0][0];
    }

    private static Tensor Gaussians(params (double X, double Y)[] peaks)
    {
        var rows = arange(16, ScalarType.Float64).reshape(1, 16, 1);
        var columns = arange(12, ScalarType.Float64).reshape(1, 1, 12);
        return cat([.. peaks.Select(p => ((rows - p.Y).square() + (columns - p.X).square()).div(-2 * 1.5 * 1.5).exp().mul(255))]).unsqueeze(0);
    }
}
