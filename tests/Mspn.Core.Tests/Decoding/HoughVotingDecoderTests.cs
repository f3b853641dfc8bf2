using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Decoding;

public sealed class HoughVotingDecoderTests : IDisposable
{
    private static readonly ImageSize Crop = new(80, 64);

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<double, double> Positions => new()
    {
        { 7.5, 9.5 }, { 7.3, 9.8 }, { 6.0, 12.0 }, { 8.49, 10.51 }, { 5.25, 6.1 },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Positions))]
    public void Offsets_give_what_a_maximum_alone_cannot(double x, double y)
    {
        var (logits, offsets) = Maps((x, y, 6));
        // Offsets that are a tenth of a cell wrong, at random.
        manual_seed(3);
        offsets += randn_like(offsets) * 0.1;

        var found = new HoughVotingDecoder().Decode(logits, offsets, Crop)[0][0];

        (found.X / 4).Should().BeApproximately(x, 0.05);
        (found.Y / 4).Should().BeApproximately(y, 0.05);
        var maximum = new SimpleBaselineHeatmapDecoder().Decode(logits.sigmoid(), Crop)[0][0];
        Math.Max(Math.Abs(maximum.X / 4 - x), Math.Abs(maximum.Y / 4 - y)).Should().BeGreaterThan(0.25, "a disk has no top");
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void A_full_disk_of_agreeing_votes_scores_about_one(double x, double y)
    {
        var (logits, offsets) = Maps((x, y, 12));
        var found = new HoughVotingDecoder().Decode(logits, offsets, Crop)[0][0];
        found.Score.Should().BeInRange(0.85, 1, "{0} cells more or fewer fit into a disk", 4);
    }

    [Fact]
    public void The_sum_of_votes_is_equation_1()
    {
        // One cell votes for (2.25, 1.5) with a probability of a half.
        var logits = full([1, 1, 4, 5], -1000f);
        logits[0, 0, 0, 1] = 0;
        var offsets = zeros(1, 2, 4, 5);
        offsets[0, 0, 0, 1] = 1.25;
        offsets[0, 1, 0, 1] = 1.5;

        var found = new HoughVotingDecoder(radius: 2).Decode(logits, offsets, new ImageSize(4, 5))[0][0];

        found.X.Should().BeApproximately(2.25, 1e-9);
        found.Y.Should().BeApproximately(1.5, 1e-9);
        found.Score.Should().BeApproximately(0.5 / (Math.PI * 4), 1e-9);
    }

    [Fact]
    public void The_surer_of_two_places_wins_and_the_other_does_not_pull()
    {
        var (logits, offsets) = Maps((3.4, 4.2, 0.5), (11.7, 14.3, 3));
        var found = new HoughVotingDecoder().Decode(logits, offsets, Crop)[0][0];
        (found.X / 4).Should().BeApproximately(11.7, 0.01);
        (found.Y / 4).Should().BeApproximately(14.3, 0.01);
        found.Score.Should().BeApproximately(1 / (1 + Math.Exp(-3)), 0.1);
    }

    [Fact]
    public void Votes_beyond_the_map_and_broken_ones_are_left_out()
    {
        var (logits, offsets) = Maps((7.3, 9.8, 6));
        offsets[0, 0, 9, 7] = double.NaN;
        offsets[0, 1, 9, 8] = double.PositiveInfinity;
        offsets[0, 0, 10, 7] = 1e12;
        logits[0, 0, 10, 8] = double.NaN;

        var found = new HoughVotingDecoder().Decode(logits, offsets, Crop)[0][0];

        (found.X / 4).Should().BeApproximately(7.3, 0.01);
        (found.Y / 4).Should().BeApproximately(9.8, 0.01);
    }

    [Fact]
    public void Without_any_vote_the_score_is_zero()
    {
        var found = new HoughVotingDecoder().Decode(zeros(1, 1, 4, 5), full([1, 2, 4, 5], 100f), new ImageSize(4, 5))[0][0];
        found.Should().Be(new KeypointPrediction(0, 0, 0));
    }

    [Fact]
    public void Images_and_keypoints_keep_their_order()
    {
        var places = new[] { (3.5, 4.5, 6.0), (9.25, 7.0, 6.0), (5.0, 12.75, 6.0), (11.5, 15.5, 6.0) };
        var maps = places.Select(p => Maps(p)).ToArray();
        var logits = cat([.. maps.Select(m => m.Logits)], 1).reshape(2, 2, 20, 16);
        var offsets = cat([.. maps.Select(m => m.Offsets)], 1).reshape(2, 4, 20, 16);

        var found = new HoughVotingDecoder().Decode(logits, offsets, Crop).SelectMany(image => image).ToArray();

        found.Zip(places, (f, p) => Math.Max(Math.Abs(f.X / 4 - p.Item1), Math.Abs(f.Y / 4 - p.Item2))).Max().Should().BeLessThan(0.01);
    }

    [Fact]
    public void A_poses_score_is_the_mean_of_its_keypoints() =>
        HoughVotingDecoder.InstanceScore([new(1, 2, 0.25), new(3, 4, 0.75)]).Should().Be(0.5);

    [Fact]
    public void Other_shapes_are_an_error()
    {
        var decode = () => new HoughVotingDecoder().Decode(zeros(1, 3, 4, 5), zeros(1, 3, 4, 5), Crop);
        decode.Should().Throw<ArgumentException>().WithMessage("*[N, 2K, h, w]*[1, 3, 4, 5]*");
        var flat = () => new HoughVotingDecoder().Decode(zeros(3, 4, 5), zeros(6, 4, 5), Crop);
        flat.Should().Throw<ArgumentException>().WithMessage("*[3, 4, 5]*");
        var empty = () => new HoughVotingDecoder().Decode(zeros(1, 3, 0, 5), zeros(1, 6, 0, 5), Crop);
        empty.Should().Throw<ArgumentException>().WithMessage("*[1, 3, 0, 5]*");
        var sizeless = () => new HoughVotingDecoder().Decode(zeros(1, 3, 4, 5), zeros(1, 6, 4, 5), default);
        sizeless.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("inputSize");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void The_radius_is_positive(double radius) =>
        FluentActions.Invoking(() => new HoughVotingDecoder(radius)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Decoding_frees_what_it_makes()
    {
        var (logits, offsets) = Maps((7.3, 9.8, 6));
        LiveTensors.ShouldNotGrowDuring(() => new HoughVotingDecoder().Decode(logits, offsets, Crop));
    }

    // One keypoint's maps of 20 × 16 cells: disks that are certain to a logit, and exact offsets in them.
    private static (Tensor Logits, Tensor Offsets) Maps(params (double X, double Y, double Logit)[] disks)
    {
        var (logits, offsets) = (full([1, 1, 20, 16], -12.0, dtype: ScalarType.Float64), zeros([1, 2, 20, 16], dtype: ScalarType.Float64));
        foreach (var (x, y, logit) in disks)
        {
            for (var i = 0; i < 20 * 16; i++)
            {
                var (column, row) = (i % 16, i / 16);
                var (dx, dy) = (x - column, y - row);
                if (dx * dx + dy * dy <= HoughVotingDecoder.PaperRadius * HoughVotingDecoder.PaperRadius)
                {
                    logits[0, 0, row, column] = logit;
                    offsets[0, 0, row, column] = dx;
                    offsets[0, 1, row, column] = dy;
                }
            }
        }
        return (logits, offsets);
    }
}
