using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class FlipGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "flip_joints", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Mirrored_keypoints_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.Number("tolerance");
        var number = 0;
        foreach (var item in golden.Json.EnumerateArray())
        {
            var because = $"case {number++}";
            var keypoints = GoldenGeometry.Keypoints(item.Rows("joints"), item.Numbers("vis"));
            var schema = new KeypointSchema
            {
                Name = "golden",
                Keypoints = [.. keypoints.Select((_, i) => $"point{i}")],
                FlipPairs = [.. item.Rows("pairs").Select(p => ((int)p[0], (int)p[1]))],
            }.Validated();

            var mirrored = CropSampler.Mirror(keypoints, schema, item.Int("width"));

            var expected = GoldenGeometry.Keypoints(item.Rows("joints_out"), item.Numbers("vis_out"));
            mirrored.Select(k => k.Visibility).Should().Equal(expected.Select(k => k.Visibility), because);
            Differences.Largest(Positions(mirrored), Positions(expected), because).Should().BeLessThanOrEqualTo(tolerance, because);
        }
    }

    private static double[] Positions(IEnumerable<Keypoint> keypoints) => [.. keypoints.SelectMany(k => new[] { k.X, k.Y })];
}
