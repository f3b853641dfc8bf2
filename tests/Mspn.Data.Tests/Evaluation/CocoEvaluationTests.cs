using Mspn.Core;
using static Mspn.Data.Tests.Evaluation.CocoScenes;

namespace Mspn.Data.Tests.Evaluation;

public class CocoEvaluationTests
{
    [Fact]
    public void The_source_of_the_boxes_stands_beside_AP()
    {
        var evaluation = new CocoEvaluator(Schema).Evaluate([Image(1)], [Person(1)], [Found(0.5)], "detector.json");
        evaluation.ToString().Should().Be("AP 1.000, AR 1.000 (boxes: detector.json)");
        evaluation.Explain().Should().StartWith(evaluation.ToString());
    }

    [Fact]
    public void The_table_is_pycocotools()
    {
        var lines = Evaluate([Person(1)], [Found(0.5)]).Table().Split('\n');
        lines.Should().HaveCount(10);
        lines[0].Should().Be(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets= 20 ] = 1.000");
        lines[2].Should().Be(" Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets= 20 ] = 1.000");
        lines[3].Should().Be(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets= 20 ] = 1.000");
        lines[9].Should().Be(" Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets= 20 ] = -1.000");
    }

    [Theory]
    [InlineData(1, "0.062")]
    [InlineData(3, "0.188")]
    public void Sixteenths_are_rounded_as_Python_does(int found, string printed)
    {
        var people = Enumerable.Range(1, 16).Select(i => Person(i, image: i)).ToArray();
        var results = Enumerable.Range(1, found).Select(i => Found(0.5, image: i)).ToArray();
        Evaluate(people, results).Table().Split('\n')[5].Should().EndWith(printed);
    }

    [Fact]
    public void Missing_numbers_are_explained()
    {
        var evaluation = Evaluate([Person(1)], [Found(0.5)]);
        (evaluation.APLarge, evaluation.ARLarge).Should().Be((-1, -1));
        evaluation.Notes.Should().Equal("AP_L and AR_L are -1 because nobody who counts has an area of 96² or more.");
        Evaluate([Person(1, size: 150)], [Found(0.5)]).Notes.Should()
            .Contain("AP_M and AR_M are -1 because nobody who counts has an area from 32² to 96².");
    }

    [Fact]
    public void Empty_cases_are_explained()
    {
        var evaluator = new CocoEvaluator(Schema);
        evaluator.Evaluate([], [], []).Notes.Should().Equal("All numbers are -1 because no image is scored.");
        var nobody = evaluator.Evaluate([Image(1)], [], [Found(0.5)]);
        nobody.Numbers.Should().AllSatisfy(n => n.Value.Should().Be(-1));
        nobody.Notes.Should().ContainSingle().Which.Should().Contain("nobody is annotated");
        evaluator.Evaluate([Image(1)], [Person(1) with { IsCrowd = true }], []).Explain().Should().Contain("is a crowd");
        var nothing = evaluator.Evaluate([Image(1)], [Person(1)], []);
        (nothing.AP, nothing.AR).Should().Be((0, 0));
        nothing.Explain().Should().Contain("no results");
    }

    [Fact]
    public void Poses_that_are_like_nobody_are_called_so()
    {
        var evaluation = Evaluate([Person(1, size: 150)], [Found(0.5)]);
        (evaluation.AP, evaluation.AR).Should().Be((0, 0));
        evaluation.Explain().Should().Contain("not one pose is similar enough").And.Contain("wrong checkpoint");
        Evaluate([Person(1)], [Found(0.5)]).Explain().Should().NotContain("checkpoint");
    }

    [Fact]
    public void Thresholds_that_are_not_there_are_explained()
    {
        var evaluation = Evaluate([Person(1)], [Found(0.5)], new() { Thresholds = [0.6] });
        (evaluation.AP, evaluation.AP50, evaluation.AP75).Should().Be((evaluation.Curves.MeanPrecision(0), -1, -1));
        evaluation.Notes.Should().Contain(n => n.StartsWith("AP50", StringComparison.Ordinal)).And.Contain(n => n.StartsWith("AP75", StringComparison.Ordinal));
    }

    [Fact]
    public void Crowding_is_by_the_images_crowd_index()
    {
        var evaluation = new CocoEvaluator(Schema, CocoEvaluatorOptions.CrowdPose).Evaluate(
            [Image(1, 0.1), Image(2, 0.2), Image(3, 0.5), Image(4)], [Person(1, 1), Person(2, 2), Person(3, 3)], [Found(0.5, 1), Found(0.5, 2)]);
        evaluation.Crowding!.Easy.Should().BeApproximately(1, 1e-12);
        evaluation.Crowding.Medium.Should().BeApproximately(51 / 101.0, 1e-12);
        evaluation.Crowding.Hard.Should().Be(-1);
        evaluation.Notes.Should().Contain(n => n.StartsWith("AP_hard is -1", StringComparison.Ordinal)).And.Contain(n => n.EndsWith(": 1.", StringComparison.Ordinal));
        evaluation.Table().Split('\n').Should().HaveCount(13);
    }

    [Fact]
    public void Curves_check_their_indices()
    {
        var curves = Evaluate([Person(1)], [Found(0.5)]).Curves;
        (curves.Thresholds, curves.Recalls, curves.Areas, curves.Categories).Should().Be((10, 101, 3, 1));
        curves.Score(0, 0, 0).Should().Be(0.5);
        FluentActions.Invoking(() => curves.Precision(10, 0, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => curves.Recall(0, 0, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
