using Mspn.Core;
using static Mspn.Data.Tests.Evaluation.CocoScenes;

namespace Mspn.Data.Tests.Evaluation;

public class CocoEvaluatorErrorTests
{
    public static TheoryData<string, string> Damages => new()
    {
        { "keypoints", "*annotation 7 of image 1*2 keypoints, expected 3*" },
        { "position", "*annotation 7 of image 1*keypoint 1*NaN*" },
        { "area", "*annotation 7 of image 1*-3*" },
        { "box", "*annotation 7 of image 1*box*" },
        { "twice", "*annotation 7 occurs twice*" },
        { "result keypoints", "*result 1 (image 1)*2 keypoints, expected 3*" },
        { "result position", "*result 1 (image 1)*keypoint 1*NaN*" },
        { "result score", "*result 1 (image 1)*score is NaN*" },
        { "result image", "*result 1 (image 99)*no such image*" },
        { "result box", "*result 1 (image 1)*box*" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Data_that_cannot_be_used_are_named(string damage, string message)
    {
        var (person, first, second) = (Person(7), Found(0.9), Found(0.5));
        var people = new List<CocoPerson> { person };
        switch (damage)
        {
            case "keypoints":
                people[0] = person with { Keypoints = [.. person.Keypoints.Take(2)] };
                break;
            case "position":
                people[0] = person with { Keypoints = [person.Keypoints[0], new(double.NaN, 0, 2), person.Keypoints[2]] };
                break;
            case "area":
                people[0] = person with { Area = -3 };
                break;
            case "box":
                people[0] = person with { Box = new(0, double.PositiveInfinity, 1, 1) };
                break;
            case "twice":
                people.Add(person);
                break;
            case "result keypoints":
                second = second with { Keypoints = [.. second.Keypoints.Take(2)] };
                break;
            case "result position":
                second = second with { Keypoints = [second.Keypoints[0], new(1, double.NaN, 1), second.Keypoints[2]] };
                break;
            case "result score":
                second = second with { Score = double.NaN };
                break;
            case "result image":
                second = second with { ImageId = 99 };
                break;
            case "result box":
                first = first with { Box = new(0, 0, 1, 1) };
                break;
            default:
                throw new ArgumentException(damage);
        }
        FluentActions.Invoking(() => new CocoEvaluator(Schema).Evaluate([Image(1)], people, [first, second]))
            .Should().Throw<PoseDataException>().WithMessage(message);
    }

    [Fact]
    public void A_keypoint_that_was_not_found_is_scored_as_result_files_have_it()
    {
        var missing = Found(0.5) with { Keypoints = [KeypointPrediction.Missing, new(25, 25, 1), new(50, 50, 1)] };
        var written = missing with { Keypoints = [new(0, 0, 0), new(25, 25, 1), new(50, 50, 1)] };
        var evaluator = new CocoEvaluator(Schema);
        evaluator.Similarity(Person(1, at: 10), missing).Should().Be(evaluator.Similarity(Person(1, at: 10), written));
    }

    [Fact]
    public void An_image_that_occurs_twice_is_named() => FluentActions.Invoking(() => new CocoEvaluator(Schema).Evaluate([Image(4), Image(4)], [], []))
        .Should().Throw<PoseDataException>().WithMessage("*image 4 occurs twice*");

    [Fact]
    public void Annotations_of_unlisted_images_are_left_out_with_a_note()
    {
        var evaluation = new CocoEvaluator(Schema).Evaluate([Image(1)], [Person(1), Person(2, image: 8)], [Found(0.5)]);
        evaluation.Counts.People.Should().Be(1);
        evaluation.Notes.Should().Contain(n => n.Contains("does not list", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_sigmas_there_is_no_OKS()
    {
        FluentActions.Invoking(() => new CocoEvaluator(Schema with { Sigmas = [] })).Should().Throw<ArgumentException>().WithMessage("*no sigmas*");
        FluentActions.Invoking(() => new CocoEvaluator([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new CocoEvaluator([0.1, 0])).Should().Throw<ArgumentException>().WithMessage("*positive sigma*");
    }

    [Fact]
    public void Options_that_do_not_fit_together_are_refused()
    {
        CocoEvaluatorOptions[] wrong =
        [
            new() { Thresholds = [] }, new() { Thresholds = [0.6, 0.5] }, new() { Thresholds = [double.NaN] }, new() { MaxDetections = 0 },
            new() { AreaRanges = [] }, new() { AreaRanges = [new("a", 2, 1)] }, new() { AreaRanges = [CocoAreaRange.All, CocoAreaRange.All] },
        ];
        wrong.Should().AllSatisfy(options => FluentActions.Invoking(() => new CocoEvaluator(Schema, options)).Should().Throw<ArgumentException>());
        FluentActions.Invoking(() => Evaluate([Person(1)], [], new() { Images = [5] })).Should().Throw<ArgumentException>().WithMessage("*Image 5*");
    }
}
