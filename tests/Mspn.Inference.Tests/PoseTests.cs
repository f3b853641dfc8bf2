using Mspn.Core;

namespace Mspn.Inference.Tests;

public class PoseTests
{
    private static readonly Pose Pose = new(
        new KeypointSchema { Name = "two", Keypoints = ["left_hand", "right_hand"] },
        [new KeypointPrediction(1, 2, 0.8), new KeypointPrediction(3, 4, 1.4)],
        new Box(0, 0, 10, 10),
        BoxScore: 0.5);

    [Fact]
    public void The_score_is_the_boxs_times_the_mean_of_the_keypoints() => Pose.Score.Should().BeApproximately(0.5 * 1.1, 1e-12);

    [Fact]
    public void Without_a_score_of_its_own_a_box_counts_fully() => (Pose with { BoxScore = 1 }).Score.Should().BeApproximately(1.1, 1e-12);

    [Fact]
    public void A_decoders_own_score_takes_the_means_place() => (Pose with { PersonScore = 3 }).Score.Should().Be(1.5);

    [Fact]
    public void Keypoints_are_found_by_name() => Pose["RIGHT_hand"].Should().Be(new KeypointPrediction(3, 4, 1.4));

    [Fact]
    public void An_unknown_keypoint_is_an_error()
    {
        var get = () => Pose["nose"];
        get.Should().Throw<ArgumentException>().WithMessage("*two*'nose'*");
    }
}
