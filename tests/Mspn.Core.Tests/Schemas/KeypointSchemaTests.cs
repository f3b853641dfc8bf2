namespace Mspn.Core.Tests.Schemas;

public class KeypointSchemaTests
{
    private static readonly KeypointSchema Hand = new()
    {
        Name = "hand",
        Keypoints = ["left_thumb", "right_thumb", "palm"],
        FlipPairs = [(0, 1)],
        Skeleton = [(0, 2), (1, 2)],
        Sigmas = [0.1, 0.1, 0.2],
        UpperBody = [2],
    };

    public static TheoryData<string, KeypointSchema> Broken => new()
    {
        { "no keypoints", new KeypointSchema { Name = "hand", Keypoints = [] } },
        { "twice", Hand with { Keypoints = ["palm", "thumb", "Palm"] } },
        { "index 3", Hand with { FlipPairs = [(0, 3)] } },
        { "index -1", Hand with { Skeleton = [(-1, 0)] } },
        { "index 7", Hand with { UpperBody = [7] } },
        { "two flip pairs", Hand with { FlipPairs = [(0, 1), (1, 2)] } },
        { "two flip pairs", Hand with { FlipPairs = [(2, 2)] } },
        { "3 positive sigmas", Hand with { Sigmas = [0.1, 0.1] } },
        { "positive sigmas*'palm'", Hand with { Sigmas = [0.1, 0.1, 0] } },
        { "positive sigmas*'palm'", Hand with { Sigmas = [0.1, 0.1, double.NaN] } },
        { "positive sigmas*'right_thumb'", Hand with { Sigmas = [0.1, double.PositiveInfinity, 0.1] } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_schema_is_refused(string problem, KeypointSchema schema)
    {
        var validate = () => schema.Validated();
        validate.Should().Throw<ArgumentException>().WithMessage("*'hand'*").WithMessage($"*{problem}*");
    }

    [Fact]
    public void A_sound_schema_passes() => Hand.Validated().FlipPermutation.Should().Equal(1, 0, 2);

    [Fact]
    public void Sigmas_pairs_and_skeleton_may_be_absent() =>
        new KeypointSchema { Name = "bare", Keypoints = ["a", "b"] }.Validated().FlipPermutation.Should().Equal(0, 1);

    [Fact]
    public void Keypoints_are_found_by_name_whatever_its_case()
    {
        Hand.IndexOf("PALM").Should().Be(2);
        Hand.IndexOf("finger").Should().Be(-1);
    }

    [Fact]
    public void The_same_keypoints_have_the_same_names_in_the_same_order()
    {
        Hand.HasSameKeypoints(new KeypointSchema { Name = "other", Keypoints = ["Left_Thumb", "right_thumb", "palm"] }).Should().BeTrue();
        Hand.HasSameKeypoints(Hand with { Keypoints = ["right_thumb", "left_thumb", "palm"] }).Should().BeFalse();
        Hand.HasSameKeypoints(Hand with { Keypoints = ["left_thumb", "right_thumb"] }).Should().BeFalse();
    }

    [Fact]
    public void A_list_that_somebody_keeps_does_not_change_the_schema()
    {
        List<string> names = ["a", "b"];
        List<(int, int)> pairs = [(0, 1)];
        var schema = new KeypointSchema { Name = "pair", Keypoints = names, FlipPairs = pairs };

        names.Add("c");
        pairs.Clear();

        schema.Keypoints.Should().Equal("a", "b");
        schema.FlipPermutation.Should().Equal(1, 0);
    }

    [Fact]
    public void A_changed_copy_has_a_flip_permutation_of_its_own()
    {
        _ = Hand.FlipPermutation;
        var changed = Hand with { FlipPairs = [(1, 2)] };
        changed.FlipPermutation.Should().Equal(0, 2, 1);
    }
}
