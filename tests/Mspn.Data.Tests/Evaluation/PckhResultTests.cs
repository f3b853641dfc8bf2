using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

public class PckhResultTests
{
    private static readonly KeypointSchema Mpii = KeypointSchemas.Mpii16;

    [Fact]
    public void The_two_means_weigh_joints_differently_and_leave_out_pelvis_and_thorax()
    {
        // Two people with all joints, of which one has both wrists, pelvis and thorax wrong; two with the left wrist alone, right.
        var everything = Mpii.Keypoints.ToArray();
        var table = Table(
            (everything, []), (everything, ["left_wrist", "right_wrist", "pelvis", "thorax"]), (["left_wrist"], []), (["left_wrist"], []));

        table.WeightedMean.Should().BeApproximately(28 / 30.0, 1e-12);
        table.MeanOfJoints.Should().BeApproximately((12 + 0.75 + 0.5) / 14, 1e-12);
        table.Joints.Should().Equal(("head", 1), ("shoulder", 1), ("elbow", 1), ("wrist", 0.625), ("hip", 1), ("knee", 1), ("ankle", 1));
    }

    [Fact]
    public void The_upper_neck_counts_in_the_means_only()
    {
        var table = Table((["upper_neck", "head_top"], ["upper_neck"]));

        table.Joints[0].Should().Be(("head", 1));
        (table.WeightedMean, table.MeanOfJoints).Should().Be((0.5, 0.5));
    }

    [Fact]
    public void What_is_never_labelled_is_no_number_and_left_out_of_means()
    {
        var table = Table((["left_knee", "right_hip"], ["right_hip"]));

        table.Joints.Where(j => double.IsFinite(j.Value)).Should().Equal(("hip", 0), ("knee", 1));
        (table.WeightedMean, table.MeanOfJoints).Should().Be((0.5, 0.5));
    }

    [Fact]
    public void Nobody_gives_no_number()
    {
        var table = Table();

        (table.WeightedMean, table.MeanOfJoints).Should().Be((double.NaN, double.NaN));
        table.Joints.Should().HaveCount(7).And.OnlyContain(j => double.IsNaN(j.Value));
    }

    [Fact]
    public void Other_keypoints_are_refused() =>
        FluentActions.Invoking(() => PckhResult.Of(new PckEvaluator(KeypointSchemas.Lsp14).Result()))
            .Should().Throw<ArgumentException>().WithMessage("*mpii16*14*pelvis*");

    private static PckhResult Table(params (string[] Labelled, string[] Wrong)[] people)
    {
        var evaluator = new PckEvaluator(Mpii, PckNormalizer.HeadBox);
        foreach (var (labelled, wrong) in people)
        {
            var truth = new PoseSample
            {
                Id = 1,
                ImageId = 1,
                ImageName = "table",
                Box = default,
                Keypoints = [.. Mpii.Keypoints.Select(name => new Keypoint(3, 4, labelled.Contains(name) ? 2 : 0))],
                HeadSize = 10,
            };
            evaluator.Add(truth, [.. Mpii.Keypoints.Select(name => new KeypointPrediction(wrong.Contains(name) ? 13 : 3, 4, 1))]);
        }
        return PckhResult.Of(evaluator.Result(0.5));
    }
}
