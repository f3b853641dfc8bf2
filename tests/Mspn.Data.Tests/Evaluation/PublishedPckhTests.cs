using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

public class PublishedPckhTests
{
    // The numbers have four decimals, those of papers and tables two.
    private const double Computed = 1e-3;
    private const double Published = 0.005 + 1e-9;

    [SkippableFact]
    public void Predictions_of_others_score_what_was_published()
    {
        var folder = RealData.Path("mpii-eval");
        var expected = Goldens.ReadJson(Path.Combine(folder, "expected.json"));
        var models = expected.GetProperty("computed_here").EnumerateObject().ToArray();
        models.Should().NotBeEmpty();
        foreach (var model in models)
        {
            var evaluator = Evaluate(folder, model.Name);
            var table = PckhResult.Of(evaluator.Result(0.5));
            foreach (var value in model.Value.EnumerateObject())
            {
                var ours = value.Name switch
                {
                    "pckh@0.1_weighted" => PckhResult.Of(evaluator.Result(0.1)).WeightedMean,
                    _ when value.Name.StartsWith("mean_of_14_joint_rates", StringComparison.Ordinal) => table.MeanOfJoints,
                    _ when value.Name.StartsWith("mean_weighted_by_joint_count", StringComparison.Ordinal) => table.WeightedMean,
                    _ => table.Joints.Single(joint => joint.Name == value.Name).Value,
                };
                (100 * ours).Should().BeApproximately(value.Value.Number(), Computed, $"{model.Name}: {value.Name}");
            }
            if (expected.GetProperty("published").TryGetProperty(model.Name, out var published))
            {
                var row = published.Numbers("values");
                row.Should().HaveCount(table.Joints.Count + 1);
                foreach (var (ours, theirs) in table.Joints.Select(joint => joint.Value).Append(table.MeanOfJoints).Zip(row))
                {
                    (100 * ours).Should().BeApproximately(theirs, Published, model.Name);
                }
            }
        }
    }

    private static PckEvaluator Evaluate(string folder, string model)
    {
        var joints = KeypointSchemas.Mpii16.Count;
        double[] Values(string name, params int[] shape) => NpyFile.Load(Path.Combine(folder, name + ".npy")).OfShape(name, shape).Values;
        var (truth, present) = (Values("gt_joints", -1, joints, 2), Values("gt_present", -1, joints));
        var predicted = Values($"pred_{model}", present.Length / joints, joints, 2);
        var heads = MpiiDataset.LoadHeadSizes(Path.Combine(folder, "gt_headboxes.npy"));
        var evaluator = new PckEvaluator(KeypointSchemas.Mpii16, PckNormalizer.HeadBox);
        for (var n = 0; n < heads.Count; n++)
        {
            var indices = Enumerable.Range(n * joints, joints);
            var sample = new PoseSample
            {
                Id = n,
                ImageId = n,
                ImageName = model,
                Box = default,
                Keypoints = [.. indices.Select(i => new Keypoint(truth[2 * i], truth[2 * i + 1], present[i] == 0 ? 0 : 2))],
                HeadSize = heads[n],
            };
            evaluator.Add(sample, [.. indices.Select(i => new KeypointPrediction(predicted[2 * i], predicted[2 * i + 1], 1))]);
        }
        return evaluator;
    }
}
