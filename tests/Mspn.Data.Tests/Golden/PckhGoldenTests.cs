using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "eval")]
public class PckhGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("eval", "pckh", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void MPIIs_table_is_that_of_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.Number("tolerance");
        foreach (var set in golden.Json.GetProperty("sets").EnumerateObject())
        {
            var evaluator = Evaluate(golden.Tensors, set.Name);
            var inclusive = evaluator.Result(0.5, inclusive: true);
            var table = PckhResult.Of(inclusive);
            var expected = set.Value.GetProperty("pckh_official_and_microsoft");

            table.Joints.Should().HaveCount(7);
            foreach (var (name, value) in table.Joints)
            {
                Percent(value).Should().BeApproximately(expected.Number($"{char.ToUpperInvariant(name[0])}{name[1..]}"), tolerance, $"{set.Name}: {name}");
            }
            Percent(table.WeightedMean).Should().BeApproximately(expected.Number("Mean"), tolerance, set.Name);
            // Their threshold of 0.1 is the twelfth of the steps of 0.01.
            Percent(PckhResult.Of(evaluator.Result(11 * 0.01, inclusive: true)).WeightedMean)
                .Should().BeApproximately(expected.Number("Mean@0.1"), tolerance, set.Name);
            Percent(PckhResult.Of(evaluator.Result(0.5)).MeanOfJoints)
                .Should().BeApproximately(set.Value.Number("bearpaw_mean_unweighted_strict_lt"), tolerance, set.Name);

            var (rates, counts) = (set.Value.Numbers("pckh_per_joint"), set.Value.Numbers("jnt_count"));
            for (var k = 0; k < rates.Length; k++)
            {
                var name = KeypointSchemas.Mpii16.Keypoints[k];
                inclusive.CountPerKeypoint[name].Should().Be((int)counts[k], $"{set.Name}: {name}");
                Percent(inclusive.PerKeypoint[name]).Should().BeApproximately(rates[k], tolerance, $"{set.Name}: {name}");
            }
        }
    }

    private static PckEvaluator Evaluate(GoldenTensors tensors, string set)
    {
        var (truth, heads) = (tensors.Doubles($"{set}.pos_gt_src"), tensors.Doubles($"{set}.headboxes_src"));
        var (missing, predictions) = (tensors.Doubles($"{set}.jnt_missing"), tensors.Doubles($"{set}.preds"));
        var shape = tensors.Shape($"{set}.preds");
        var (people, joints) = ((int)shape[0], (int)shape[1]);
        var evaluator = new PckEvaluator(KeypointSchemas.Mpii16, PckNormalizer.HeadBox);
        for (var n = 0; n < people; n++)
        {
            // [joint or corner, x or y, person]; the annotations count pixels from 1, the predictions from 0.
            double At(double[] values, int row, int column) => values[(row * 2 + column) * people + n];
            var sample = new PoseSample
            {
                Id = n,
                ImageId = n,
                ImageName = set,
                Box = default,
                Keypoints = [.. Enumerable.Range(0, joints).Select(k =>
                    new Keypoint(At(truth, k, 0) - 1, At(truth, k, 1) - 1, missing[k * people + n] == 0 ? 2 : 0))],
                HeadSize = MpiiDataset.HeadSizeOf(At(heads, 0, 0), At(heads, 0, 1), At(heads, 1, 0), At(heads, 1, 1)),
            };
            evaluator.Add(sample, [.. Enumerable.Range(0, joints).Select(k =>
                new KeypointPrediction(predictions[(n * joints + k) * 2], predictions[(n * joints + k) * 2 + 1], 1))]);
        }
        return evaluator;
    }

    private static double Percent(double fraction) => 100 * fraction;
}
