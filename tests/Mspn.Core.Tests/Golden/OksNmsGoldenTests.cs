using System.Globalization;
using System.Text.Json;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "eval")]
public class OksNmsGoldenTests
{
    private const string VisiblePrefix = "oks_row0_vis_thre_";

    public static IEnumerable<object?[]> Files => Goldens.Rows("eval", "oks_nms", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Similarities_are_those_of_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.GetProperty("tolerance");
        foreach (var item in golden.Json.EnumerateArray())
        {
            var (poses, schema) = (Poses(item), Schema(item));
            if (item.TryGetProperty("oks_matrix", out _))
            {
                var matrix = item.Rows("oks_matrix");
                for (var i = 0; i < matrix.Length; i++)
                {
                    Compare(new OksSimilarity(schema), poses, i, matrix[i], tolerance.Number("oks"));
                }
            }
            foreach (var row in item.EnumerateObject().Where(p => p.Name.StartsWith(VisiblePrefix, StringComparison.Ordinal)))
            {
                var parts = row.Name[VisiblePrefix.Length..].Split('_');
                var mmpose = parts.Length > 1;
                var similarity = Visible(schema, parts[0], mmpose);
                Compare(similarity, poses, 0, row.Value.Numbers(), tolerance.Number(mmpose ? "oks_mmpose" : "oks"));
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_poses_that_stay_are_those_of_the_references(string? file)
    {
        foreach (var item in Goldens.Case(file).Json.EnumerateArray())
        {
            var (poses, schema) = (Poses(item), Schema(item));
            foreach (var result in item.GetProperty("results").EnumerateArray())
            {
                var threshold = result.Number("thresh");
                foreach (var expected in result.EnumerateObject().Where(p => p.Name != "thresh"))
                {
                    Suppress(expected.Name, poses, schema, threshold)
                        .Should().Equal(expected.Value.Numbers().Select(i => (int)i), $"{expected.Name} at {threshold} of {poses.Length} poses");
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_boxes_that_stay_are_those_of_the_reference(string? file)
    {
        foreach (var item in Goldens.Case(file).Json.EnumerateArray())
        {
            var rows = item.Rows("boxes");
            // Corners and a score; the corner pixels belong to the box.
            var boxes = rows.Select(r => new Box(r[0], r[1], r[2] - r[0] + 1, r[3] - r[1] + 1)).ToArray();
            foreach (var expected in item.GetProperty("box_nms").EnumerateObject())
            {
                BoxNms.Hard(boxes, [.. rows.Select(r => r[4])], double.Parse(expected.Name, CultureInfo.InvariantCulture))
                    .Should().Equal(expected.Value.Numbers().Select(i => (int)i), $"boxes at {expected.Name}");
            }
        }
    }

    // Names such as mmpose_oks_nms_vis0.2, mmpose_soft_oks_nms_max5, soft_oks_nms.
    private static IReadOnlyList<int> Suppress(string name, ScoredPose[] poses, KeypointSchema schema, double threshold)
    {
        var visible = name.IndexOf("_vis", StringComparison.Ordinal);
        var mmpose = name.StartsWith("mmpose", StringComparison.Ordinal);
        var similarity = visible >= 0 ? Visible(schema, name[(visible + 4)..], mmpose) : new OksSimilarity(schema);
        if (!name.Contains("soft", StringComparison.Ordinal))
        {
            return OksNms.Hard(poses, similarity, threshold);
        }
        var maximum = name.IndexOf("_max", StringComparison.Ordinal);
        return maximum >= 0
            ? OksNms.Soft(poses, similarity, threshold, int.Parse(name[(maximum + 4)..], CultureInfo.InvariantCulture))
            : OksNms.Soft(poses, similarity, threshold);
    }

    private static OksSimilarity Visible(KeypointSchema schema, string above, bool mmpose) => new(schema)
    {
        ScoreAbove = double.Parse(above, CultureInfo.InvariantCulture),
        Compared = mmpose ? OksKeypoints.OfBoth : OksKeypoints.OfSecond,
    };

    private static void Compare(OksSimilarity similarity, ScoredPose[] poses, int row, double[] expected, double tolerance)
    {
        expected.Should().HaveSameCount(poses);
        for (var j = 0; j < expected.Length; j++)
        {
            similarity.Between(poses[row], poses[j]).Should().BeApproximately(expected[j], tolerance, $"poses {row} and {j}");
        }
    }

    private static KeypointSchema Schema(JsonElement item)
    {
        if (item.GetProperty("sigmas").ValueKind == JsonValueKind.String)
        {
            return KeypointSchemas.Get(item.Text("sigmas") + "17");
        }
        var sigmas = item.Numbers("sigmas");
        return GoldenMspn.Anonymous(sigmas.Length) with { Sigmas = sigmas };
    }

    private static ScoredPose[] Poses(JsonElement item) =>
    [
        .. item.GetProperty("poses").EnumerateArray().Select(p => new ScoredPose(
            [.. p.Numbers("keypoints").Chunk(3).Select(k => new KeypointPrediction(k[0], k[1], k[2]))], p.Number("area"), p.Number("score"))),
    ];
}
