using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "cpn")]
public class CpnLossGoldenTests
{
    private static readonly string[] Targets = ["target15", "target11", "target9", "target7"];

    public static IEnumerable<object?[]> Files => Goldens.Rows("cpn", "loss_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_loss_its_parts_and_gradients_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var (json, tensors, tolerance) = (golden.Json, golden.Tensors, golden.Entry.GetProperty("tolerance"));
        using var scope = NewDisposeScope();
        string[] names = [.. Targets.Select((_, i) => $"global{i}"), "refine"];
        var maps = names.ToDictionary(n => n, tensors.Prediction);
        var targets = stack([.. Targets.Select(tensors.Double)], 1);
        var visibility = tensors.Double("valid");
        var loss = PoseLosses.CascadedPyramid(json.Int("topk"));

        var sum = loss.Compute(new PoseOutput([[.. names[..^1].Select(n => maps[n])], [maps["refine"]]]), new PoseTargets(targets, visibility));

        sum.ShouldBe(json.Number("loss_float64"), tolerance, "the sum");
        var globals = json.Numbers("global_losses_float64");
        globals.Should().HaveCount(Targets.Length);
        for (var i = 0; i < globals.Length; i++)
        {
            var part = loss.Coarse.Compute(maps[names[i]], targets.select(1, i), visibility) * loss.CoarseWeight;
            part.ShouldBe(globals[i], tolerance, names[i]);
        }
        loss.Finest.Compute(maps["refine"], targets.select(1, Targets.Length - 1), visibility)
            .ShouldBe(json.Number("refine_loss_float64"), tolerance, "the refined maps");
        sum.backward();
        foreach (var (name, map) in maps)
        {
            map.GradientShouldBe(tensors.Doubles($"grad_{name}"), tolerance, name);
        }
    }
}
