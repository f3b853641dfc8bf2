using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Decoding;

public class MaximumHeatmapDecoderTests
{
    private static readonly ImageSize Crop = new(64, 48);

    private static readonly MaximumHeatmapDecoder[] All = [new SimpleBaselineHeatmapDecoder(), new MsraHeatmapDecoder(), new DarkHeatmapDecoder()];

    public static TheoryData<MaximumHeatmapDecoder> Decoders => [.. All];

    [Theory]
    [InlineData(5.2, 7.4, 5.25, 7.25)]
    [InlineData(4.8, 6.6, 4.75, 6.75)]
    [InlineData(5.0, 7.0, 5.0, 7.0)]
    public void A_maximum_moves_a_quarter_of_a_cell_up_the_slope(double x, double y, double cellX, double cellY)
    {
        foreach (var decoder in new HeatmapDecoder[] { new SimpleBaselineHeatmapDecoder(), new MsraHeatmapDecoder() })
        {
            var found = Decode(decoder, x, y);
            found.X.Should().BeApproximately(4 * cellX, 1e-9);
            found.Y.Should().BeApproximately(4 * cellY, 1e-9);
        }
    }

    [Theory]
    [InlineData(5.2, 7.4)]
    [InlineData(4.6, 6.51)]
    [InlineData(6.1, 9.4)]
    public void The_unbiased_decoder_finds_a_gaussians_centre(double x, double y)
    {
        var found = Decode(new DarkHeatmapDecoder { Kernel = 5 }, x, y);
        found.X.Should().BeApproximately(4 * x, 0.02);
        found.Y.Should().BeApproximately(4 * y, 0.02);
    }

    [Fact]
    public void Without_a_step_the_maximum_stays_where_it_is()
    {
        var found = Decode(new SimpleBaselineHeatmapDecoder { Shift = 0 }, 5.3, 7.4);
        (found.X, found.Y).Should().Be((20, 28));
    }

    [Fact]
    public void Along_an_edge_only_mmposes_decoder_moves()
    {
        // Row 1, between columns 5 and 6.
        var (published, mmpose) = (Decode(new SimpleBaselineHeatmapDecoder(), 5.3, 1), Decode(new MsraHeatmapDecoder(), 5.3, 1));
        (published.X, published.Y).Should().Be((20, 4));
        (mmpose.X, mmpose.Y).Should().Be((21, 4));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 15)]
    [InlineData(0, 8)]
    [InlineData(5, 0)]
    public void A_maximum_at_the_very_edge_stays(int x, int y)
    {
        using var maps = zeros(1, 1, 16, 12);
        maps[0, 0, y, x] = 1;
        maps[0, 0, y == 15 ? 14 : y + 1, x == 11 ? 10 : x + 1] = 0.5;
        foreach (var decoder in All)
        {
            var found = decoder.Decode(maps, Crop)[0][0];
            (found.X, found.Y).Should().Be((4 * x, 4 * y), decoder.GetType().Name);
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void The_score_is_the_maximum_divided_by_a_peak_of_one(MaximumHeatmapDecoder decoder)
    {
        decoder.Peak.Should().Be(1);
        Decode(decoder, 5, 7, 0.75).Score.Should().BeApproximately(0.75, 1e-12);
    }

    [Fact]
    public void Another_peak_can_be_chosen() =>
        Decode(new DarkHeatmapDecoder { Peak = 255 }, 5, 7, 255).Score.Should().BeApproximately(1, 1e-12);

    [Fact]
    public void A_map_without_a_positive_value_has_a_place_of_its_own()
    {
        using var maps = full([1, 1, 16, 12], -2f);
        double CellOf(HeatmapDecoder decoder) => decoder.Decode(maps, Crop)[0][0].X / 4;
        CellOf(new SimpleBaselineHeatmapDecoder()).Should().Be(0);
        CellOf(new MsraHeatmapDecoder()).Should().Be(-1);
        CellOf(new DarkHeatmapDecoder()).Should().Be(-1);
    }

    [Fact]
    public void A_flat_map_has_no_top_and_stays_where_its_first_maximum_is()
    {
        using var maps = ones(1, 1, 16, 12);
        foreach (var decoder in All)
        {
            var found = decoder.Decode(maps, Crop)[0][0];
            found.Should().Be(new KeypointPrediction(0, 0, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Decoding_frees_what_it_makes(MaximumHeatmapDecoder decoder)
    {
        using var maps = rand(2, 3, 16, 12);
        LiveTensors.ShouldNotGrowDuring(() => decoder.Decode(maps, Crop));
    }

    private static KeypointPrediction Decode(HeatmapDecoder decoder, double x, double y, double height = 1)
    {
        using var scope = NewDisposeScope();
        var rows = arange(16, ScalarType.Float64).reshape(16, 1);
        var columns = arange(12, ScalarType.Float64).reshape(1, 12);
        var map = ((rows - y).square() + (columns - x).square()).div(-2 * 1.5 * 1.5).exp().mul(height);
        return decoder.Decode(map.reshape(1, 1, 16, 12), Crop)[0][0];
    }
}
