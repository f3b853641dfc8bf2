using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

public class PeopleFoundEvaluatorTests
{
    // Boxes of 100 pixels: a keypoint may be 10 off.
    private static readonly PoseSample Left = Person(10, 20, 30, 40);

    private static readonly PoseSample Right = Person(60, 70, 80, 90);

    [Fact]
    public void Everybody_found_is_paired_with_the_right_person()
    {
        var result = Count([Left, Right], [Found(61, 71, 81, 91), Found(11, 20, 55, double.NaN)]);

        (result.People, result.Found, result.False).Should().Be((2, 2, 0));
        (result.Keypoints, result.CorrectKeypoints).Should().Be((8, 6));
        (result.Recall, result.Precision, result.CorrectShare).Should().Be((1, 1, 0.75));
    }

    [Fact]
    public void Too_few_correct_keypoints_are_a_false_person_and_one_not_found()
    {
        var result = Count([Left], [Found(10, 200, 200, double.NaN)]);

        (result.Found, result.False, result.CorrectKeypoints).Should().Be((0, 1, 0));
        (result.Recall, result.Precision).Should().Be((0, 0));
    }

    [Fact]
    public void Nobody_is_found_twice()
    {
        var result = Count([Left], [Found(10, 20, 200, 200), Found(10, 20, 30, 200)]);

        (result.Found, result.False, result.CorrectKeypoints).Should().Be((1, 1, 3), "the better one counts");
    }

    [Fact]
    public void A_keypoint_at_the_limit_is_wrong() =>
        Count([Left], [Found(20, 30, 39.9, 49.9)]).CorrectKeypoints.Should().Be(2);

    [Fact]
    public void Somebody_in_an_ignored_region_is_not_false()
    {
        var person = Left with { Ignored = [new Box(190, 0, 30, 10)] };

        Count([person], [Found(200, 201, 202, 50), Found(200, 50, 51, double.NaN)]).False.Should().Be(1);
    }

    [Fact]
    public void People_without_labelled_keypoints_are_left_out_and_images_add_up()
    {
        var evaluator = new PeopleFoundEvaluator();
        evaluator.Add([Left with { Keypoints = new Keypoint[4] }, Right], []);
        evaluator.Add([Left], [Found(10, 20, 30, 40)]);

        (evaluator.Result.People, evaluator.Result.Found, evaluator.Result.Keypoints).Should().Be((2, 1, 8));
    }

    [Fact]
    public void Other_keypoints_and_impossible_thresholds_are_errors()
    {
        FluentActions.Invoking(() => Count([Left], [[KeypointPrediction.Missing]])).Should().Throw<ArgumentException>().WithMessage("*1*annotation 7*4*");
        FluentActions.Invoking(() => new PeopleFoundEvaluator(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new PeopleFoundEvaluator(share: 1.1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static PeopleFoundResult Count(IReadOnlyList<PoseSample> annotated, IReadOnlyList<IReadOnlyList<KeypointPrediction>> found)
    {
        var evaluator = new PeopleFoundEvaluator(threshold: 0.1, share: 0.5);
        evaluator.Add(annotated, found);
        return evaluator.Result;
    }

    private static PoseSample Person(params double[] columns) => new()
    {
        Id = 7,
        ImageId = 1,
        ImageName = "row",
        Box = new Box(0, 0, 100, 40),
        Keypoints = [.. columns.Select(x => new Keypoint(x, 5, 2))],
    };

    private static KeypointPrediction[] Found(params double[] columns) =>
        [.. columns.Select(x => double.IsNaN(x) ? KeypointPrediction.Missing : new KeypointPrediction(x, 5, 1))];
}
