namespace Mspn.Core.Tests.Decoding;

public class OksNmsTests
{
    private static readonly KeypointSchema Schema = new() { Name = "two", Keypoints = ["a", "b"], Sigmas = [0.05, 0.1] };

    [Fact]
    public void Equal_poses_are_alike_and_distant_ones_are_not()
    {
        var oks = new OksSimilarity(Schema);
        oks.Between(Pose(10, 1), Pose(10, 1)).Should().Be(1);
        oks.Between(Pose(10, 1), Pose(5000, 1)).Should().Be(0);
    }

    [Fact]
    public void The_similarity_is_that_worked_out_by_hand()
    {
        // d = 3, a = 100: exp(−9 / (2·0.1²·100)) and exp(−9 / (2·0.2²·100)).
        var expected = (Math.Exp(-9 / 2.0) + Math.Exp(-9 / 8.0)) / 2;
        new OksSimilarity(Schema).Between(Pose(10, 1), Pose(13, 1)).Should().BeApproximately(expected, 1e-12);
    }

    [Fact]
    public void Only_keypoints_that_are_sure_enough_are_compared()
    {
        var (sure, unsure) = (Pose(10, 1), Pose(13, 1, 0.1));
        new OksSimilarity(Schema) { ScoreAbove = 0.2 }.Between(unsure, sure).Should().Be(0);
        new OksSimilarity(Schema) { ScoreAbove = 0.2 }.Between(sure, unsure).Should().Be(0);
        var ofSecond = new OksSimilarity(Schema) { ScoreAbove = 0.2, Compared = OksKeypoints.OfSecond };
        ofSecond.Between(sure, unsure).Should().Be(0);
        ofSecond.Between(unsure, sure).Should().BeApproximately(new OksSimilarity(Schema).Between(sure, unsure), 1e-15);
    }

    [Fact]
    public void Keypoints_that_one_of_the_poses_lacks_are_not_compared()
    {
        var whole = Pose(10, 0.9);
        var half = Pose(13, 0.8) with { Keypoints = [new(13, 5, 1), KeypointPrediction.Missing] };
        var other = Pose(13, 0.7) with { Keypoints = [KeypointPrediction.Missing, new(13, 9, 1)] };
        var oks = new OksSimilarity(Schema);
        oks.Between(whole, half).Should().BeApproximately(Math.Exp(-9 / 2.0), 1e-12);
        oks.Between(half, whole).Should().Be(oks.Between(whole, half));
        oks.Between(half, other).Should().Be(0);
        OksNms.Hard([whole, half, other], oks, 0.5).Should().Equal(0, 1, 2);
    }

    [Fact]
    public void Poses_without_an_area_are_compared_without_dividing_by_zero()
    {
        var (a, b) = (Pose(10, 1) with { Area = 0 }, Pose(11, 1) with { Area = 0 });
        new OksSimilarity(Schema).Between(a, a).Should().Be(1);
        new OksSimilarity(Schema).Between(a, b).Should().Be(0);
    }

    [Fact]
    public void Double_detections_go_and_neighbours_stay()
    {
        ScoredPose[] poses = [Pose(10, 0.5), Pose(10.5, 0.9), Pose(40, 0.7), Pose(40.5, 0.8)];
        OksNms.Hard(poses, new OksSimilarity(Schema), 0.5).Should().Equal(1, 3);
        OksNms.Hard(poses, new OksSimilarity(Schema), 1).Should().Equal(1, 3, 2, 0);
        OksNms.Soft(poses, new OksSimilarity(Schema), 0.5).Should().Equal(1, 3, 2, 0);
        OksNms.Soft(poses, new OksSimilarity(Schema), 0.5, maximum: 2).Should().Equal(1, 3);
        FluentActions.Invoking(() => OksNms.Soft(poses, new OksSimilarity(Schema), 0.5, maximum: 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Softly_a_double_detection_falls_behind_a_neighbour() =>
        OksNms.Soft([Pose(10, 0.9), Pose(10.1, 0.8), Pose(40, 0.3)], new OksSimilarity(Schema), 0.5).Should().Equal(0, 2, 1);

    [Fact]
    public void Without_poses_none_stay()
    {
        OksNms.Hard([], new OksSimilarity(Schema), 0.5).Should().BeEmpty();
        OksNms.Soft([], new OksSimilarity(Schema), 0.5).Should().BeEmpty();
    }

    [Fact]
    public void A_schema_without_sigmas_is_an_error() =>
        FluentActions.Invoking(() => new OksSimilarity(Schema with { Sigmas = [] })).Should().Throw<ArgumentException>().WithMessage("*two*sigmas*");

    [Fact]
    public void A_pose_of_another_schema_is_an_error() =>
        FluentActions.Invoking(() => new OksSimilarity(Schema).Between(Pose(1, 1), new ScoredPose([], 1, 1)))
            .Should().Throw<ArgumentException>().WithMessage("*two*0 keypoints*");

    [Fact]
    public void Boxes_that_overlap_a_better_one_go()
    {
        Box[] boxes = [new(0, 0, 10, 10), new(0, 0, 10, 6), new(20, 0, 10, 10)];
        BoxNms.Hard(boxes, [0.9, 0.8, 0.7], 0.5).Should().Equal(0, 2);
        BoxNms.Hard(boxes, [0.9, 0.8, 0.7], 0.6).Should().Equal(0, 1, 2);
        FluentActions.Invoking(() => BoxNms.Hard(boxes, [1], 0.5)).Should().Throw<ArgumentException>().WithMessage("*3*1*");
    }

    private static ScoredPose Pose(double x, double score, double keypointScore = 1) =>
        new([new(x, 5, keypointScore), new(x, 9, keypointScore)], Area: 100, score);
}
