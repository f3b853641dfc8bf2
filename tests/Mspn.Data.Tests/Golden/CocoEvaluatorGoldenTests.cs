using System.Globalization;
using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "eval")]
public class CocoEvaluatorGoldenTests
{
    public static IEnumerable<object?[]> Files => Rows(_ => true);

    public static IEnumerable<object?[]> FilesWithSimilarities => Rows(golden => golden.Json.TryGetProperty("oks", out var _));

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_ten_numbers_are_those_of_the_reference(string? file)
    {
        var (expected, tolerance, evaluation) = Evaluate(file);
        var stats = expected.GetProperty("stats").EnumerateObject().ToArray();
        evaluation.Numbers.Select(n => n.Name).Should().Equal(stats.Select(s => s.Name));
        foreach (var ((name, value), stat) in evaluation.Numbers.Zip(stats))
        {
            value.Should().BeApproximately(stat.Value.Number(), tolerance, name);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Precision_recall_and_scores_are_those_of_the_reference(string? file)
    {
        var (expected, tolerance, evaluation) = Evaluate(file);
        var curves = evaluation.Curves;
        var (precisions, recalls, scores) =
            (expected.Rows("precision_mean_per_thr_area"), expected.Rows("recall"), expected.Rows("scores_mean_per_thr_area"));
        new[] { precisions.Length, recalls.Length, scores.Length }.Should().AllBeEquivalentTo(curves.Thresholds);
        for (var t = 0; t < curves.Thresholds; t++)
        {
            new[] { precisions[t].Length, recalls[t].Length, scores[t].Length }.Should().AllBeEquivalentTo(curves.Areas);
            for (var area = 0; area < curves.Areas; area++)
            {
                var where = $"threshold {t}, area {area}";
                curves.MeanPrecision(area, t).Should().BeApproximately(precisions[t][area], tolerance, where);
                curves.Recall(t, area).Should().BeApproximately(recalls[t][area], tolerance, where);
                Enumerable.Range(0, curves.Recalls).Average(r => curves.Score(t, r, area)).Should().BeApproximately(scores[t][area], tolerance, where);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(FilesWithSimilarities))]
    public void Similarities_are_those_of_the_reference(string? file)
    {
        var golden = Case(file);
        var (truth, results) = Read(golden);
        var evaluator = new CocoEvaluator(Sigmas(golden.Json));
        foreach (var image in golden.Json.GetProperty("oks").EnumerateObject())
        {
            var id = long.Parse(image.Name, CultureInfo.InvariantCulture);
            var people = truth.People.Where(p => p.ImageId == id).ToArray();
            var found = results.Where(r => r.ImageId == id).OrderByDescending(r => r.Score).Take(evaluator.Options.MaxDetections).ToArray();
            var rows = image.Value.EnumerateArray().Select(row => row.Numbers()).ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i].Should().HaveSameCount(people);
                for (var j = 0; j < people.Length; j++)
                {
                    evaluator.Similarity(people[j], found[i]).Should().BeApproximately(rows[i][j], golden.Entry.Number("tolerance"), $"image {id}, result {i}, person {j}");
                }
            }
        }
    }

    private static IEnumerable<object?[]> Rows(Func<GoldenCase, bool> takes) => Goldens.Rows(
        Goldens.Find("eval", string.Empty, ".json").Where(c => c.Entry.TryGetProperty("gt", out _) && c.Entry.TryGetProperty("preds", out _) && takes(c)));

    private static (JsonElement Expected, double Tolerance, CocoEvaluation Evaluation) Evaluate(string? file)
    {
        var golden = Case(file);
        var expected = golden.Json;
        var (truth, results) = Read(golden);
        var evaluation = new CocoEvaluator(Sigmas(expected)).Evaluate(truth.Images, truth.People, results);
        (evaluation.Counts.Detections + evaluation.Counts.DetectionsLeftOut).Should().Be(expected.Int("n_preds"));
        return (expected, golden.Entry.Number("tolerance"), evaluation);
    }

    private static (CocoKeypointFile Truth, IReadOnlyList<CocoResult> Results) Read(GoldenCase golden) =>
        (CocoKeypointFile.Load(golden.Beside(golden.Entry.Text("gt"))), CocoResults.Read(golden.Beside(golden.Entry.Text("preds"))));

    private static GoldenCase Case(string? file)
    {
        var golden = Goldens.Case(file);
        foreach (var needed in new[] { "gt", "preds" })
        {
            var path = golden.Beside(golden.Entry.Text(needed));
            Skip.IfNot(File.Exists(path), $"{path} is not here.");
        }
        return golden;
    }

    // A list, or the words for COCO's own.
    private static IReadOnlyList<double> Sigmas(JsonElement expected) => expected.GetProperty("sigmas").ValueKind == JsonValueKind.Array
        ? expected.Numbers("sigmas")
        : KeypointSchemas.Coco17.Sigmas;
}
