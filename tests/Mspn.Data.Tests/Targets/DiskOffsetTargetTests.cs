using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data.Tests.Targets;

public class DiskOffsetTargetTests
{
    private static readonly ImageSize Crop = new(64, 48);
    private static readonly ImageSize Map = new(16, 12);
    private static readonly int Area = Map.Height * Map.Width;

    [Theory]
    [InlineData(22.0, 31.0, 3.125)]
    [InlineData(22.0, 31.0, 2.0)]
    [InlineData(1.0, 62.0, 3.125)]
    [InlineData(47.0, 0.0, 1.0)]
    [InlineData(22.3, 31.7, 0.4)]
    public void Disks_hold_the_cells_in_reach_and_offsets_lead_to_the_keypoint(double x, double y, double radius)
    {
        var (disks, offsets) = Encode(new DiskOffsetTarget(radius), new Keypoint(x, y, 1));
        for (var i = 0; i < Area; i++)
        {
            var (dx, dy) = (x / 4 - i % Map.Width, y / 4 - i / Map.Width);
            var inside = Math.Sqrt(dx * dx + dy * dy) <= radius;
            disks[i].Should().Be(inside ? 1 : 0);
            offsets[i].Should().BeApproximately(inside ? (float)dx : 0, 1e-6f);
            offsets[Area + i].Should().BeApproximately(inside ? (float)dy : 0, 1e-6f);
        }
    }

    [Fact]
    public void A_keypoint_without_a_label_has_neither()
    {
        var (disks, offsets) = Encode(new DiskOffsetTarget(), new Keypoint(20, 20, 0));
        disks.Concat(offsets).Should().OnlyContain(v => v == 0);
    }

    [Fact]
    public void Keypoints_keep_their_order()
    {
        var (disks, offsets) = Encode(new DiskOffsetTarget(1), new Keypoint(20, 20, 0), new Keypoint(21, 30, 2));
        disks[..Area].Should().OnlyContain(v => v == 0);
        offsets[(2 * Area + 7 * Map.Width + 5)].Should().Be(0.25f);
        offsets[(3 * Area + 7 * Map.Width + 5)].Should().Be(0.5f);
    }

    [Theory]
    [InlineData(21.3, 30.1)]
    [InlineData(24.0, 24.0)]
    [InlineData(30.9, 47.7)]
    public void The_decoder_reads_the_targets_back(double x, double y)
    {
        var (disks, offsets) = Encode(new DiskOffsetTarget(), new Keypoint(x, y, 2));
        using var logits = tensor(disks.Select(d => d * 20 - 10).ToArray(), [1, 1, Map.Height, Map.Width]);
        using var moves = tensor(offsets, [1, 2, Map.Height, Map.Width]);

        var found = new HoughVotingDecoder().Decode(logits, moves, Crop)[0][0];

        found.X.Should().BeApproximately(x, 0.01);
        found.Y.Should().BeApproximately(y, 0.01);
        found.Score.Should().BeInRange(0.85, 1);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_invalid_radius_is_refused(double radius) =>
        FluentActions.Invoking(() => new DiskOffsetTarget(radius)).Should().Throw<ArgumentException>();

    [Fact]
    public void Spans_of_another_size_are_refused()
    {
        FluentActions.Invoking(() => new DiskOffsetTarget().Encode([new(0, 0, 0)], Crop, Map, new float[5], new float[2 * Area]))
            .Should().Throw<ArgumentException>().WithMessage("*192*5*");
        FluentActions.Invoking(() => new DiskOffsetTarget().Encode([new(0, 0, 0)], Crop, Map, new float[Area], new float[Area]))
            .Should().Throw<ArgumentException>().WithMessage("*384*192*");
    }

    private static (float[] Disks, float[] Offsets) Encode(DiskOffsetTarget target, params Keypoint[] keypoints)
    {
        var (disks, offsets) = (new float[keypoints.Length * Area], new float[2 * keypoints.Length * Area]);
        Array.Fill(disks, 7f);
        Array.Fill(offsets, 7f);
        target.Encode(keypoints, Crop, Map, disks, offsets);
        return (disks, offsets);
    }
}
