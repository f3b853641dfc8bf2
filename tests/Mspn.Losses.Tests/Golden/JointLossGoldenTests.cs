using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mspn_train")]
public class JointLossGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("mspn_train", "joints_l2_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Losses_and_gradients_in_isolation_are_the_official_ones(string? file)
    {
        var golden = Goldens.Case(file);
        var (tensors, tolerance) = (golden.Tensors, golden.Entry.GetProperty("tolerance"));
        var cases = golden.Json.GetProperty("cases");
        for (var i = 0; i < cases.GetArrayLength(); i++)
        {
            using var scope = NewDisposeScope();
            var because = $"case {i}";
            var prediction = tensors.Prediction("output");
            var target = tensors.Double("label");
            var visibility = tensors.Read("valid").squeeze(-1);
            var loss = Loss(cases[i].GetProperty("args")).Compute(prediction, target, visibility);
            loss.ShouldBe(cases[i].Number("loss_float64"), tolerance, because);
            loss.backward();
            prediction.GradientShouldBe(tensors.Doubles($"grad{i}"), tolerance, because);
        }
    }

    private static IJointLoss Loss(JsonElement args)
    {
        double Argument(string name, double standard) => args.TryGetProperty(name, out var value) ? value.Number() : standard;
        return args.TryGetProperty("has_ohkm", out var ohkm) && ohkm.GetBoolean()
            ? new OhkmLoss((int)Argument("topk", 8), (float)Argument("thresh2", 0))
            : new JointsMseLoss((float)Argument("thresh1", 1), maskPrediction: false);
    }
}
