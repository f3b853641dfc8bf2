using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

/// <summary>Real annotations with the numbers that pycocotools and xtcocotools give for them.</summary>
public class RealCocoEvaluatorTests
{
    [SkippableTheory]
    [InlineData("synthetic_first538", "person_keypoints_val2017_first538.json", "synthetic_keypoint_results_first538.json")]
    [InlineData("example_coco", "example_coco_val.json", "example_coco_preds.json")]
    [InlineData("faster_coco_eval", "faster_coco_eval_gt_dataset.json", "faster_coco_eval_dt_dataset.json")]
    [InlineData("example_crowdpose", "example_crowdpose_val.json", "example_crowdpose_preds.json")]
    public void Numbers_are_those_of_the_reference(string beginning, string truthFile, string resultFile)
    {
        var expected = Goldens.ReadJson(RealData.Path("coco-eval", "expected.json")).EnumerateObject()
            .Single(c => c.Name.StartsWith(beginning, StringComparison.Ordinal)).Value;
        var truth = CocoKeypointFile.Load(RealData.Path("coco-eval", truthFile));
        var results = CocoResults.Read(RealData.Path("coco-eval", resultFile));
        var crowdPose = truth.Images.Any(i => i.CrowdIndex is not null);
        var evaluator = crowdPose
            ? new CocoEvaluator(KeypointSchemas.CrowdPose14, CocoEvaluatorOptions.CrowdPose)
            : new CocoEvaluator(KeypointSchemas.Coco17);

        var evaluation = evaluator.Evaluate(truth.Images, truth.People, results);

        var numbers = evaluation.Numbers.ToDictionary(n => n.Name.Replace("_M", "m", StringComparison.Ordinal).Replace("_L", "l", StringComparison.Ordinal), n => n.Value);
        if (evaluation.Crowding is { } levels)
        {
            // Published with four digits.
            (numbers["AP_easy"], numbers["AP_medium"], numbers["AP_hard"]) =
                (Math.Round(levels.Easy, 4), Math.Round(levels.Medium, 4), Math.Round(levels.Hard, 4));
        }
        foreach (var number in expected.EnumerateObject())
        {
            numbers[number.Name].Should().BeApproximately(number.Value.Number(), 1e-10, number.Name);
        }
    }
}
