namespace Mspn.Core.Tests.Decoding;

public class PeakFinderTests
{
    // A blur this narrow has one tap: maps are searched as they are.
    private static readonly PartAffinityOptions Plain = new() { Sigma = 0.1 };

    private static readonly ImageSize Size = new(3, 4);

    [Fact]
    public void Peaks_come_from_top_to_bottom_and_from_left_to_right_also_at_edges() =>
        Find([0, 0, 0, 0.9, 0.2, 0, 0, 0, 0, 0, 0.5, 0]).Should().Equal((3, 0, 0.9), (0, 1, 0.2), (2, 2, 0.5));

    [Fact]
    public void A_peak_is_above_the_threshold_not_on_it() =>
        Find([0.1, 0, 0, 0.11, 0, 0, 0, 0, 0, 0, 0, 0]).Should().Equal((3, 0, 0.11));

    [Fact]
    public void Diagonal_neighbours_do_not_matter_and_plateaus_are_peaks_all_over() =>
        Find([0.5, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0.7, 0.7]).Should().Equal((0, 0, 0.5), (1, 1, 0.6), (2, 2, 0.7), (3, 2, 0.7));

    [Fact]
    public void The_score_is_the_value_before_smoothing()
    {
        var map = new float[21 * 21];
        map[10 * 21 + 10] = 20;
        var peaks = new List<KeypointPeak>();

        new PeakFinder(new ImageSize(21, 21), new PartAffinityOptions()).Find<float>(map, 7, peaks);

        peaks.Should().Equal(new KeypointPeak(10, 10, 20, 0, 7));
    }

    [Fact]
    public void Ids_go_on_counting()
    {
        var peaks = new List<KeypointPeak> { new(5, 5, 1, 0, 0) };

        new PeakFinder(Size, Plain).Find<double>([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 3, peaks);

        peaks[1].Should().Be(new KeypointPeak(1, 1, 1, 1, 3));
    }

    [Fact]
    public void Of_too_many_the_highest_are_kept_and_of_equal_ones_the_first()
    {
        double[] map = [0.5, 0, 0.7, 0, 0, 0.9, 0, 0, 0.5, 0, 0, 0.5];

        Find(map, Plain with { MaximumPeaks = 3 }).Should().Equal((0, 0, 0.5), (2, 0, 0.7), (1, 1, 0.9));
        Find(map, Plain with { MaximumPeaks = 5 }).Should().HaveCount(5);
    }

    [Fact]
    public void Not_a_number_is_no_peak() => Find([.. Enumerable.Repeat(double.NaN, 12)]).Should().BeEmpty();

    private static IEnumerable<(int, int, double)> Find(double[] map, PartAffinityOptions? options = null)
    {
        var peaks = new List<KeypointPeak>();
        new PeakFinder(Size, options ?? Plain).Find<double>(map, 0, peaks);
        return peaks.Select(p => (p.X, p.Y, p.Score));
    }
}
