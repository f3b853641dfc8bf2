namespace Mspn.Core.Tests.Schemas;

public class LimbLayoutTests
{
    private static readonly KeypointSchema Trunk = new()
    {
        Name = "trunk", Keypoints = ["neck", "left_hip", "right_hip", "left_knee"], FlipPairs = [(1, 2)], Skeleton = [(0, 1), (2, 0), (1, 2)],
    };

    public static TheoryData<string> Bundled => [.. KeypointSchemas.All.Select(s => s.Name)];

    public static TheoryData<string, Limb[]> Bad => new()
    {
        { "at least one limb", [] },
        { "0–4", [new Limb(0, 4, 0)] },
        { "-1–2", [new Limb(-1, 2, 0)] },
        { "left_hip–left_hip", [new Limb(1, 1, 0)] },
        { "twice", [new Limb(0, 1, 0), new Limb(1, 0, 1)] },
        { "given 0, 0", [new Limb(0, 1, 0), new Limb(0, 2, 0)] },
        { "given 1, 2", [new Limb(0, 1, 1), new Limb(0, 2, 2)] },
    };

    [Fact]
    public void OpenPose_has_nineteen_limbs_of_which_the_last_two_start_nobody()
    {
        var layout = LimbLayout.OpenPose18;

        layout.Keypoints.Should().BeSameAs(KeypointSchemas.OpenPose18);
        layout.Limbs.Select(l => l.StartsPerson).Should().Equal(Enumerable.Range(0, 19).Select(i => i < 17));
        layout.Limbs[0].Should().Be(new Limb(1, 2, 6));
        layout.Limbs.Take(17).Select(l => (l.From, l.To)).Should().Equal(KeypointSchemas.OpenPose18.Skeleton, "those are the ones that are drawn");
    }

    [Theory]
    [MemberData(nameof(Bundled))]
    public void A_skeleton_becomes_limbs_that_run_outwards(string name)
    {
        var schema = KeypointSchemas.Get(name);
        var layout = LimbLayout.FromSkeleton(schema);

        layout.Count.Should().Be(schema.Skeleton.Count);
        var reached = new HashSet<int> { layout.Limbs[0].From };
        foreach (var limb in layout.Limbs)
        {
            var (a, b) = schema.Skeleton[limb.Channel];
            (Math.Min(limb.From, limb.To), Math.Max(limb.From, limb.To)).Should().Be((Math.Min(a, b), Math.Max(a, b)));
            reached.Should().Contain(limb.From, "every bundled skeleton is in one piece");
            reached.Add(limb.To).Should().Be(limb.StartsPerson, "a limb between two reached keypoints closes a ring");
        }
        layout.Limbs.SkipWhile(limb => limb.StartsPerson).Count(limb => limb.StartsPerson).Should().Be(0, "rings are closed last");
    }

    [Theory]
    [MemberData(nameof(Bundled))]
    public void A_whole_person_is_put_together_from_a_skeleton(string name)
    {
        var layout = LimbLayout.FromSkeleton(KeypointSchemas.Get(name));
        var assembler = new PersonAssembler(layout);
        foreach (var limb in layout.Limbs)
        {
            KeypointPeak Peak(int k) => new(k, k, 1, k, k);
            assembler.Add(limb, [new LimbConnection(Peak(limb.From), Peak(limb.To), 1)]);
        }

        assembler.People(new PartAffinityOptions()).Should().ContainSingle()
            .Which.Peaks.Should().Equal(Enumerable.Range(0, layout.Keypoints.Count));
    }

    [Theory]
    [MemberData(nameof(Bundled))]
    public void Mirroring_twice_changes_nothing(string name) => CheckMirrors(LimbLayout.FromSkeleton(KeypointSchemas.Get(name)));

    [Fact]
    public void OpenPoses_limbs_swap_sides_without_turning()
    {
        CheckMirrors(LimbLayout.OpenPose18);
        LimbLayout.OpenPose18.Mirrors.Should().OnlyContain(m => !m.Turns);
    }

    [Fact]
    public void A_limb_whose_counterpart_runs_the_other_way_turns() =>
        new LimbLayout(Trunk, [new Limb(0, 1, 0), new Limb(2, 0, 1), new Limb(1, 2, 2)]).Mirrors.Should().Equal(new LimbMirror(1, true), new LimbMirror(0, true), new LimbMirror(2, true));

    [Fact]
    public void A_lopsided_layout_can_be_used_but_not_mirrored()
    {
        var layout = new LimbLayout(Trunk, [new Limb(1, 3, 0)]);

        layout.Count.Should().Be(1);
        layout.Invoking(l => l.Mirrors).Should().Throw<InvalidOperationException>().WithMessage("*left_hip–left_knee*");
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_layout_that_does_not_fit_says_why(string reason, Limb[] limbs) =>
        FluentActions.Invoking(() => new LimbLayout(Trunk, limbs)).Should().Throw<ArgumentException>().WithMessage($"*{reason}*");

    private static void CheckMirrors(LimbLayout layout)
    {
        for (var i = 0; i < layout.Count; i++)
        {
            var mirror = layout.Mirrors[i];
            layout.Mirrors[mirror.Limb].Should().Be(new LimbMirror(i, mirror.Turns));
            var other = layout.Limbs[mirror.Limb];
            var ends = mirror.Turns ? (other.To, other.From) : (other.From, other.To);
            ends.Should().Be((layout.Keypoints.FlipPermutation[layout.Limbs[i].From], layout.Keypoints.FlipPermutation[layout.Limbs[i].To]));
        }
    }
}
