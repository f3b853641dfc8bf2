using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "simplebaseline")]
public class HeatmapAccuracyGoldenTests
{
    private const double Tolerance = 1e-12;

    public static IEnumerable<object?[]> Files => Goldens.Rows("simplebaseline", "decode", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Accuracy_is_that_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var expected = golden.Json.GetProperty("accuracy_vs_roll1_right");
        using var scope = NewDisposeScope();
        var maps = golden.Tensors.Read("heatmaps");

        var accuracy = HeatmapAccuracy.Of(maps, maps.roll([1], [3]));

        accuracy.Count.Should().Be(expected.Int("cnt"));
        accuracy.Mean.Should().BeApproximately(expected.Number("avg_acc"), Tolerance);
        // The first number is the mean once more; −1 stands for a keypoint that never counts.
        var fractions = expected.Numbers("acc")[1..];
        accuracy.PerKeypoint.Should().HaveSameCount(fractions);
        for (var k = 0; k < fractions.Length; k++)
        {
            (double.IsNaN(accuracy.PerKeypoint[k]) ? -1 : accuracy.PerKeypoint[k]).Should().BeApproximately(fractions[k], Tolerance, $"keypoint {k}");
        }
    }
}
