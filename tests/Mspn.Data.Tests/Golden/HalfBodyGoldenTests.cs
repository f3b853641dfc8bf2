using System.Text.Json;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class HalfBodyGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "half_body", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Half_bodies_are_those_of_the_reference(string? file)
    {
        var number = 0;
        foreach (var golden in Goldens.Case(file).Json.EnumerateArray())
        {
            var because = $"case {number++}";
            var setup = OfficialSetup.Of(golden);
            var keypoints = GoldenGeometry.Keypoints(golden.Rows("joints"), golden.Numbers("vis"));
            var random = new ScriptedRandom(golden.Numbers("rand"), [golden.Number("randn")], [], []);

            var region = CropSampler.HalfBody(keypoints, setup.Schema, setup.InputSize, setup.Augmentation, random);

            region.HasValue.Should().Be(golden.GetProperty("center").ValueKind != JsonValueKind.Null, because);
            if (region is { } found)
            {
                found.ToRegion().Should().Be(GoldenGeometry.Region(golden.Numbers("center"), golden.Numbers("scale"), 0, single: true), because);
            }
        }
    }
}
