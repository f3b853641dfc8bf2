using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

public class PckEvaluatorTests
{
    private static readonly KeypointSchema Coco = KeypointSchemas.Coco17;

    [Theory]
    [InlineData(true, true, 100)]
    [InlineData(true, false, 50)]
    [InlineData(false, true, 100)]
    public void The_torso_is_the_longer_labelled_diagonal(bool shortLabelled, bool longLabelled, double torso)
    {
        var truth = Person(Coco, ("nose", 0, 0), ("right_shoulder", 0, 0), ("left_hip", 30, 40), ("left_shoulder", 60, 0), ("right_hip", 0, 80));
        truth = Unlabel(truth, shortLabelled ? [] : ["right_shoulder"]);
        truth = Unlabel(truth, longLabelled ? [] : ["right_hip"]);

        CorrectNoseAt(truth, 0.2 * torso - 0.001, PckNormalizer.Torso).Should().Be(1);
        CorrectNoseAt(truth, 0.2 * torso + 0.001, PckNormalizer.Torso).Should().Be(0);
    }

    [Fact]
    public void People_without_a_torso_are_left_out_and_counted()
    {
        var evaluator = new PckEvaluator(Coco);
        var complete = Person(Coco, ("nose", 0, 0), ("right_shoulder", 0, 0), ("left_hip", 30, 40));

        evaluator.Add(complete, Perfect(complete));
        evaluator.Add(Unlabel(complete, ["left_hip"]), Perfect(complete));

        var result = evaluator.Result();
        (result.People, result.PeopleLeftOut, result.Count, result.Value).Should().Be((1, 1, 3, 1));
    }

    [Fact]
    public void Unlabelled_keypoints_do_not_count()
    {
        var truth = Person(Coco, ("right_shoulder", 0, 0), ("left_hip", 30, 40));
        var predicted = Perfect(truth);
        predicted[Coco.IndexOf("left_ankle")] = new KeypointPrediction(1e6, 1e6, 1);
        var evaluator = new PckEvaluator(Coco);

        evaluator.Add(truth, predicted);

        var result = evaluator.Result();
        (result.Value, result.Count).Should().Be((1, 2));
        result.PerKeypoint["left_ankle"].Should().Be(double.NaN);
        result.PerKeypoint["left_hip"].Should().Be(1);
        result.MeanOverKeypoints.Should().Be(1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_prediction_that_is_no_number_is_wrong_and_not_ignored(double x)
    {
        var truth = Person(Coco, ("right_shoulder", 0, 0), ("left_hip", 30, 40));
        var predicted = Perfect(truth);
        predicted[Coco.IndexOf("left_hip")] = new KeypointPrediction(x, 0, 1);
        var evaluator = new PckEvaluator(Coco);

        evaluator.Add(truth, predicted);

        var result = evaluator.Result();
        (result.Value, result.Count).Should().Be((0.5, 2));
        result.PerKeypoint["left_hip"].Should().Be(0);
    }

    [Fact]
    public void A_missing_keypoint_is_wrong_and_the_others_count()
    {
        var truth = Person(Coco, ("nose", 5, 5), ("right_shoulder", 0, 0), ("left_hip", 30, 40));
        var predicted = Perfect(truth);
        predicted[Coco.IndexOf("nose")] = KeypointPrediction.Missing;
        var evaluator = new PckEvaluator(Coco);

        evaluator.Add(truth, predicted);

        evaluator.Result(threshold: 1e9).PerKeypoint["nose"].Should().Be(0, "however far correct may be");
        evaluator.Result().Value.Should().BeApproximately(2 / 3.0, 1e-12);
    }

    [Theory]
    [InlineData("mpii16", "upper_neck", "head_top")]
    [InlineData("lsp14", "neck", "head_top")]
    [InlineData("crowdpose14", "neck", "top_head")]
    public void The_head_reaches_from_neck_to_top(string name, string neck, string top)
    {
        var schema = KeypointSchemas.Get(name);
        var truth = Person(schema, (neck, 0, 10), (top, 0, 0));
        var predicted = Perfect(truth);
        predicted[schema.IndexOf(top)] = new KeypointPrediction(0, 4, 1);
        var evaluator = new PckEvaluator(schema, PckNormalizer.Head);

        evaluator.Add(truth, predicted);
        evaluator.Add(Unlabel(truth, [neck]), predicted);

        evaluator.Result(0.5).Value.Should().Be(1);
        evaluator.Result(0.3).Value.Should().Be(0.5);
        evaluator.Result().PeopleLeftOut.Should().Be(1);
    }

    [Fact]
    public void The_box_counts_by_its_longer_side()
    {
        var truth = Person(Coco, ("nose", 0, 0)) with { Box = new Box(0, 0, 10, 100) };

        CorrectNoseAt(truth, 19, PckNormalizer.Box).Should().Be(1);
        CorrectNoseAt(truth, 21, PckNormalizer.Box).Should().Be(0);
    }

    [Fact]
    public void A_distance_equal_to_the_threshold_is_wrong()
    {
        var truth = Person(Coco, ("nose", 0, 0)) with { Box = new Box(0, 0, 10, 100) };

        CorrectNoseAt(truth, 20, PckNormalizer.Box).Should().Be(0);
    }

    [Fact]
    public void A_distance_equal_to_the_threshold_can_be_taken_for_right()
    {
        var truth = Person(Coco, ("nose", 0, 0));
        var predicted = Perfect(truth);
        predicted[0] = new KeypointPrediction(20, 0, 1);
        var evaluator = new PckEvaluator(Coco, PckNormalizer.Pixels);
        evaluator.Add(truth, predicted);

        evaluator.Result(20, inclusive: true).Should().Match<PckResult>(r => r.Value == 1 && r.Inclusive);
        evaluator.Result(20).Should().Match<PckResult>(r => r.Value == 0 && !r.Inclusive);
    }

    [Fact]
    public void The_head_box_counts_and_people_without_one_are_left_out()
    {
        var truth = Person(Coco, ("nose", 0, 0));
        var predicted = Perfect(truth);
        predicted[0] = new KeypointPrediction(4, 0, 1);
        var evaluator = new PckEvaluator(Coco, PckNormalizer.HeadBox);

        evaluator.Add(truth with { HeadSize = 10 }, predicted);
        evaluator.Add(truth, predicted);

        evaluator.Result(0.41).Value.Should().Be(1);
        evaluator.Result(0.39).Should().Match<PckResult>(r => r.Value == 0 && r.People == 1 && r.PeopleLeftOut == 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_given_length_that_is_none_leaves_the_person_out(double length)
    {
        var truth = Person(Coco, ("nose", 0, 0));
        var evaluator = new PckEvaluator(Coco, PckNormalizer.Given);

        evaluator.Add(truth, Perfect(truth), 5);
        evaluator.Add(truth, Perfect(truth), length);

        evaluator.Result().Should().Match<PckResult>(r => r.Value == 1 && r.Count == 1 && r.PeopleLeftOut == 1);
    }

    [Fact]
    public void Lengths_are_given_where_they_are_asked_for_and_nowhere_else()
    {
        var truth = Person(Coco, ("nose", 0, 0));

        FluentActions.Invoking(() => new PckEvaluator(Coco, PckNormalizer.Given).Add(truth, Perfect(truth)))
            .Should().Throw<ArgumentException>().WithMessage("*Given*length*");
        FluentActions.Invoking(() => new PckEvaluator(Coco, PckNormalizer.Box).Add(truth, Perfect(truth), 5))
            .Should().Throw<ArgumentException>().WithMessage("*Box*5*");
    }

    [Fact]
    public void The_area_under_the_curve_is_its_mean()
    {
        var truth = Person(Coco, ("nose", 0, 0));
        var predicted = Perfect(truth);
        predicted[0] = new KeypointPrediction(2.5, 0, 1);
        var evaluator = new PckEvaluator(Coco, PckNormalizer.Pixels);
        evaluator.Add(truth, predicted);

        // Thresholds 0, 2, 4, 6, 8: three of five.
        evaluator.Curve(10, 5).Select(r => (r.Threshold, r.Value)).Should().Equal((0, 0), (2, 0), (4, 1), (6, 1), (8, 1));
        evaluator.AreaUnderCurve(10, 5).Should().Be(0.6);
        evaluator.MeanDistance.Should().Be(2.5);
        FluentActions.Invoking(() => evaluator.Curve(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => evaluator.Curve(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_missing_keypoint_is_infinitely_far()
    {
        var truth = Person(Coco, ("nose", 0, 0));
        var evaluator = new PckEvaluator(Coco, PckNormalizer.Pixels);

        evaluator.Add(truth, [.. Coco.Keypoints.Select(_ => KeypointPrediction.Missing)]);

        evaluator.MeanDistance.Should().Be(double.PositiveInfinity);
        evaluator.AreaUnderCurve().Should().Be(0);
    }

    [Fact]
    public void A_schema_without_the_needed_points_is_refused()
    {
        var handsOnly = new KeypointSchema { Name = "hands", Keypoints = ["left_hand", "right_hand"] };

        FluentActions.Invoking(() => new PckEvaluator(handsOnly)).Should().Throw<ArgumentException>().WithMessage("*hands*torso*");
        FluentActions.Invoking(() => new PckEvaluator(Coco, PckNormalizer.Head)).Should().Throw<ArgumentException>().WithMessage("*coco17*head*");
        new PckEvaluator(handsOnly, PckNormalizer.Box).Result().People.Should().Be(0);
    }

    [Fact]
    public void Predictions_for_another_schema_are_refused()
    {
        var truth = Person(Coco, ("nose", 0, 0));

        FluentActions.Invoking(() => new PckEvaluator(Coco).Add(truth, new KeypointPrediction[16])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Nobody_gives_no_number()
    {
        var result = new PckEvaluator(Coco).Result();

        (result.Value, result.MeanOverKeypoints).Should().Be((double.NaN, double.NaN));
        (new PckEvaluator(Coco).AreaUnderCurve(), new PckEvaluator(Coco).MeanDistance).Should().Be((double.NaN, double.NaN));
    }

    private static double CorrectNoseAt(PoseSample truth, double offset, PckNormalizer normalizer)
    {
        var predicted = Perfect(truth);
        predicted[0] = new KeypointPrediction(offset, 0, 1);
        var evaluator = new PckEvaluator(Coco, normalizer);
        evaluator.Add(truth, predicted);
        return evaluator.Result(0.2).PerKeypoint["nose"];
    }

    private static PoseSample Person(KeypointSchema schema, params (string Name, double X, double Y)[] labelled)
    {
        var keypoints = new Keypoint[schema.Count];
        foreach (var (name, x, y) in labelled)
        {
            keypoints[schema.IndexOf(name)] = new Keypoint(x, y, 2);
        }
        return new PoseSample { Id = 1, ImageId = 1, ImageName = schema.Name, Box = new Box(0, 0, 1, 1), Keypoints = keypoints };
    }

    private static PoseSample Unlabel(PoseSample sample, string[] names)
    {
        var schema = KeypointSchemas.Get(sample.ImageName);
        return sample with { Keypoints = [.. sample.Keypoints.Select((k, i) => names.Contains(schema.Keypoints[i]) ? k with { Visibility = 0 } : k)] };
    }

    private static KeypointPrediction[] Perfect(PoseSample truth) => [.. truth.Keypoints.Select(k => new KeypointPrediction(k.X, k.Y, 1))];
}
