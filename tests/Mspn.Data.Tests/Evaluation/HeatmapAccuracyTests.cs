using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data.Tests.Evaluation;

public sealed class HeatmapAccuracyTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Maxima_less_than_half_a_tenth_apart_agree()
    {
        // Maps of 40 × 20: a column counts as a tenth of the height, 4 cells, and a row as a tenth of the width, 2 cells.
        var target = Peaks((10, 20), (10, 20), (10, 20), (10, 20));
        var accuracy = HeatmapAccuracy.Of(Peaks((10, 20), (11, 20), (12, 20), (10, 21)), target);

        accuracy.PerKeypoint.Should().Equal(1, 1, 0, 0);
        accuracy.Mean.Should().Be(0.5);
        accuracy.Count.Should().Be(4);
        HeatmapAccuracy.Of(Peaks((10, 20), (11, 20), (12, 20), (10, 21)), target, threshold: 0.6).Mean.Should().Be(1);
    }

    [Fact]
    public void Keypoints_without_a_target_do_not_count()
    {
        var target = Peaks((10, 20), (1, 20), (10, 1), (5, 5));
        target[0, 3] = 0;
        var accuracy = HeatmapAccuracy.Of(Peaks((10, 20), (1, 20), (10, 1), (5, 5)), target);

        accuracy.PerKeypoint[0].Should().Be(1);
        accuracy.PerKeypoint.Skip(1).Should().OnlyContain(f => double.IsNaN(f));
        (accuracy.Mean, accuracy.Count).Should().Be((1, 1));
    }

    [Fact]
    public void Images_are_averaged_by_keypoint()
    {
        var target = cat([Peaks((10, 20), (10, 20)), Peaks((10, 20), (0, 0))]);
        var accuracy = HeatmapAccuracy.Of(cat([Peaks((10, 20), (10, 20)), Peaks((18, 20), (10, 20))]), target);

        accuracy.PerKeypoint.Should().Equal(0.5, 1);
        accuracy.Mean.Should().Be(0.75);
    }

    [Fact]
    public void Nothing_to_count_is_zero() => HeatmapAccuracy.Of(Peaks((5, 5)), zeros(1, 1, 40, 20)).Mean.Should().Be(0);

    [Fact]
    public void Other_shapes_are_an_error() =>
        FluentActions.Invoking(() => HeatmapAccuracy.Of(Peaks((5, 5)), zeros(1, 2, 40, 20)))
            .Should().Throw<ArgumentException>().WithMessage("*[1, 1, 40, 20]*[1, 2, 40, 20]*");

    private static Tensor Peaks(params (int X, int Y)[] peaks)
    {
        var maps = zeros(1, peaks.Length, 40, 20);
        for (var k = 0; k < peaks.Length; k++)
        {
            maps[0, k, peaks[k].Y, peaks[k].X] = 1;
        }
        return maps;
    }
}
