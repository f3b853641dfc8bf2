using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "eval")]
public partial class PckGoldenTests
{
    // The reference computes distances in single precision: those so near to a threshold may fall on either side of it.
    private const double Near = 1e-6;

    private const double Tolerance = 1e-9;

    public static IEnumerable<object?[]> Files => Goldens.Rows("eval", "pck_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void PCK_is_that_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        foreach (var expected in golden.Json.GetProperty("results").EnumerateArray())
        {
            var ends = Numbers().Matches(expected.Text("torso"));
            var evaluator = Evaluate(golden, $"torso.{ends[0].Groups[1].Value}_{ends[1].Groups[1].Value}");
            var threshold = expected.Number("thr");
            var (low, high) = (evaluator.Result(threshold - Near), evaluator.Result(threshold + Near));

            expected.Number("mean_over_joints").Should().BeInRange(low.MeanOverKeypoints - Tolerance, high.MeanOverKeypoints + Tolerance);
            expected.Number("mean_over_all_keypoints").Should().BeInRange(low.Value - Tolerance, high.Value + Tolerance);
            var rates = expected.Numbers("pck_per_joint");
            rates.Should().HaveCount(low.PerKeypoint.Count);
            foreach (var (name, rate) in KeypointSchemas.Lsp14.Keypoints.Zip(rates))
            {
                // −1 stands for a keypoint that was never labelled.
                rate.Should().BeInRange(OrMinusOne(low.PerKeypoint[name]) - Tolerance, OrMinusOne(high.PerKeypoint[name]) + Tolerance, name);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_area_under_the_curve_is_that_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var evaluator = Evaluate(golden, lengths: null);
        foreach (var expected in golden.Json.EnumerateObject().Where(p => p.Name.StartsWith("auc_norm", StringComparison.Ordinal)))
        {
            var maximum = double.Parse(expected.Name["auc_norm".Length..], System.Globalization.CultureInfo.InvariantCulture);
            var curve = evaluator.Curve(maximum);
            double Shifted(double by) => curve.Average(point => evaluator.Result(point.Threshold + by * maximum).MeanOverKeypoints);

            expected.Value.Number().Should().BeInRange(Shifted(-Near) - Tolerance, Shifted(Near) + Tolerance);
            evaluator.AreaUnderCurve(maximum).Should().BeInRange(Shifted(-Near), Shifted(Near));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Mean_distances_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.GetProperty("tolerance").Number("epe,nme");

        Evaluate(golden, lengths: null).MeanDistance.Should().BeApproximately(golden.Json.Number("epe"), tolerance);
        foreach (var expected in golden.Json.EnumerateObject().Where(p => p.Name.StartsWith("nme_torso_", StringComparison.Ordinal)))
        {
            Evaluate(golden, $"torso.{expected.Name["nme_torso_".Length..]}").MeanDistance.Should().BeApproximately(expected.Value.Number(), tolerance);
        }
    }

    private static PckEvaluator Evaluate(GoldenCase golden, string? lengths)
    {
        var tensors = golden.Tensors;
        var (truth, predicted, mask) = (tensors.Doubles("gt"), tensors.Doubles("pred"), tensors.Doubles("mask"));
        var references = lengths is null ? null : tensors.Doubles(lengths);
        var shape = tensors.Shape("gt");
        var (people, joints) = ((int)shape[0], (int)shape[1]);
        var evaluator = new PckEvaluator(KeypointSchemas.Lsp14, references is null ? PckNormalizer.Pixels : PckNormalizer.Given);
        for (var n = 0; n < people; n++)
        {
            var indices = Enumerable.Range(n * joints, joints);
            var sample = new PoseSample
            {
                Id = n,
                ImageId = n,
                ImageName = golden.File,
                Box = default,
                Keypoints = [.. indices.Select(i => new Keypoint(truth[2 * i], truth[2 * i + 1], mask[i] == 0 ? 0 : 2))],
            };
            KeypointPrediction[] prediction = [.. indices.Select(i => new KeypointPrediction(predicted[2 * i], predicted[2 * i + 1], 1))];
            if (references is null)
            {
                evaluator.Add(sample, prediction);
            }
            else
            {
                evaluator.Add(sample, prediction, references[n]);
            }
        }
        return evaluator;
    }

    private static double OrMinusOne(double value) => double.IsNaN(value) ? -1 : value;

    [GeneratedRegex(@"\((\d+)\)")]
    private static partial Regex Numbers();
}
