namespace Mspn.Core.Tests.Decoding;

public class PersonAssemblerTests
{
    private static readonly KeypointSchema Chain = new()
    {
        Name = "chain", Keypoints = ["a", "b", "c", "d"], Skeleton = [(0, 1), (2, 3), (1, 2), (0, 3)],
    };

    private static readonly PartAffinityOptions All = new() { MinimumParts = 0, MinimumMeanScore = double.NegativeInfinity };

    private readonly PersonAssembler _assembler = new(LimbLayout.FromSkeleton(Chain));

    [Fact]
    public void A_connection_to_nobody_starts_a_person()
    {
        Connect(0, 1, ids: (4, 7), score: 0.5);

        var person = People().Should().ContainSingle().Subject;
        person.Peaks.Should().Equal(4, 7, -1, -1);
        person.Parts.Should().Be(2);
        person.TotalScore.Should().Be(2.5);
    }

    [Fact]
    public void A_limb_that_starts_nobody_only_continues_people()
    {
        Connect(0, 1, ids: (4, 7), score: 0.5, starts: false);

        People().Should().BeEmpty();
    }

    [Fact]
    public void A_connection_continues_whoever_has_its_beginning()
    {
        Connect(0, 1, ids: (4, 7), score: 0.5);
        Connect(1, 2, ids: (7, 9), score: 0.25);

        var person = People().Should().ContainSingle().Subject;
        person.Peaks.Should().Equal(4, 7, 9, -1);
        person.Parts.Should().Be(3);
        person.TotalScore.Should().Be(3.75);
    }

    [Fact]
    public void Whoever_is_found_by_the_end_alone_keeps_no_beginning()
    {
        Connect(2, 3, ids: (9, 10), score: 0.5);
        Connect(1, 2, ids: (7, 9), score: 0.25);

        var person = People().Should().ContainSingle().Subject;
        person.Peaks.Should().Equal(-1, -1, 9, 10);
        person.Parts.Should().Be(2);
        person.TotalScore.Should().Be(2.5);
    }

    [Fact]
    public void An_end_that_replaces_another_is_counted_again()
    {
        Connect(0, 1, ids: (4, 7), score: 0);
        Connect(0, 1, ids: (4, 8), score: 0);

        var person = People().Should().ContainSingle().Subject;
        person.Peaks.Should().Equal(4, 8, -1, -1);
        person.Parts.Should().Be(3);
    }

    [Fact]
    public void Two_people_without_a_keypoint_in_common_become_one()
    {
        Connect(0, 1, ids: (4, 7), score: 0.5);
        Connect(2, 3, ids: (9, 10), score: 0.5);
        Connect(1, 2, ids: (7, 9), score: 0.25);

        var person = People().Should().ContainSingle().Subject;
        person.Peaks.Should().Equal(4, 7, 9, 10);
        person.Parts.Should().Be(4);
        person.TotalScore.Should().Be(5.25);
    }

    [Fact]
    public void Two_people_who_share_a_keypoint_stay_two_and_the_first_takes_the_end()
    {
        Connect(0, 1, ids: (4, 7), score: 0);
        Connect(0, 1, ids: (5, 8), score: 0);
        Connect(1, 2, ids: (8, 9), score: 0);
        Connect(1, 2, ids: (7, 9), score: 0);

        People().Select(p => p.Peaks.ToArray()).Should().BeEquivalentTo([new[] { 4, 7, 9, -1 }, [5, 8, 9, -1]], o => o.WithStrictOrdering());
    }

    [Fact]
    public void Of_three_owners_the_first_two_count()
    {
        Connect(0, 1, ids: (4, 7), score: 0);
        Connect(0, 1, ids: (5, 8), score: 0);
        Connect(2, 3, ids: (9, 10), score: 0);
        Connect(1, 2, ids: (8, 9), score: 0); // merges the last two
        Connect(2, 3, ids: (11, 12), score: 0);
        Connect(1, 2, ids: (7, 9), score: 0); // the first takes 9, which two have now
        Connect(0, 3, ids: (4, 12), score: 0);
        Connect(0, 3, ids: (5, 12), score: 0); // the first and the last have 12, the second has 5

        People().Select(p => p.Peaks.ToArray())
            .Should().BeEquivalentTo([new[] { 4, 7, 9, 12 }, [5, 8, 9, 10], [-1, -1, 11, 12]], o => o.WithStrictOrdering());
    }

    [Theory]
    [InlineData(3, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 1.3, 1)]
    [InlineData(4, 0, 0)]
    public void Small_and_unsure_people_are_dropped(int parts, double mean, int left)
    {
        Connect(0, 1, ids: (4, 7), score: 1);
        Connect(1, 2, ids: (7, 9), score: 1);
        Connect(0, 1, ids: (5, 8), score: 0.5);

        _assembler.People(new PartAffinityOptions { MinimumParts = parts, MinimumMeanScore = mean }).Should().HaveCount(left);
    }

    private IReadOnlyList<AssembledPerson> People() => _assembler.People(All);

    // Every peak has score 1.
    private void Connect(int from, int to, (int From, int To) ids, double score, bool starts = true) => _assembler.Add(
        new Limb(from, to, 0, starts),
        [new LimbConnection(new KeypointPeak(0, 0, 1, ids.From, from), new KeypointPeak(0, 0, 1, ids.To, to), score)]);
}
