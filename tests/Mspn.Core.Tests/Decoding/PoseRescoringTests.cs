namespace Mspn.Core.Tests.Decoding;

public class PoseRescoringTests
{
    private static readonly KeypointPrediction[] Keypoints = [new(1, 1, 0.9), new(2, 2, 0.2), new(3, 3, 0.5), KeypointPrediction.Missing];

    [Fact]
    public void Only_scores_above_the_limit_count() => PoseRescoring.Score(0.5, Keypoints).Should().BeApproximately(0.5 * 0.7, 1e-15);

    [Fact]
    public void Without_a_limit_all_count() =>
        PoseRescoring.Score(0.5, Keypoints, double.NegativeInfinity).Should().BeApproximately(0.5 * 0.4, 1e-15);

    [Fact]
    public void A_pose_without_sure_keypoints_scores_nothing() => PoseRescoring.Score(0.5, Keypoints, above: 0.95).Should().Be(0);
}
