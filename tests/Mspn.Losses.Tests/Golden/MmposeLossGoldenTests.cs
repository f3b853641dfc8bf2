using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mmpose")]
public class MmposeLossGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("mmpose", "losses_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Losses_and_gradients_are_mmposes(string? file)
    {
        var golden = Goldens.Case(file);
        var (tensors, tolerance) = (golden.Tensors, golden.Entry.GetProperty("tolerance"));
        var cases = golden.Json.GetProperty("cases");
        for (var i = 0; i < cases.GetArrayLength(); i++)
        {
            using var scope = NewDisposeScope();
            var because = cases[i].GetRawText();
            var prediction = tensors.Prediction("output");
            var loss = Compute(cases[i], prediction, tensors);
            loss.ShouldBe(cases[i].Number("loss_float64"), tolerance, because);
            loss.backward();
            prediction.GradientShouldBe(tensors.Doubles($"grad{i}"), tolerance, because);
        }
    }

    private static Tensor Compute(JsonElement golden, Tensor prediction, GoldenTensors tensors)
    {
        var args = golden.GetProperty("args");
        double Argument(string name, double standard) => args.TryGetProperty(name, out var value) ? value.Number() : standard;
        bool Flag(string name) => args.TryGetProperty(name, out var value) && value.GetBoolean();
        var target = tensors.Double("target");
        var weights = golden.GetProperty("target_weights_passed").GetBoolean()
            ? tensors.Double("target_weights")
            : ones(prediction.shape[0], prediction.shape[1]);
        var factor = Argument("loss_weight", 1);
        if (golden.Text("class") == "KeypointOHKMMSELoss")
        {
            var topK = (int)Argument("topk", 8);
            // Without weights every keypoint counts.
            var mining = Flag("use_target_weight")
                ? new OhkmLoss(JointWeighting.Maps, topK) { Factor = factor }
                : new OhkmLoss(topK, float.NegativeInfinity) { Factor = factor };
            return mining.Compute(prediction, target, weights);
        }
        golden.Text("class").Should().Be("KeypointMSELoss");
        return new JointsMseLoss(JointWeighting.SquaredError) { Factor = factor, SkipEmptyMaps = Flag("skip_empty_channel") }
            .Compute(prediction, target, weights, golden.GetProperty("mask_passed").GetBoolean() ? tensors.Double("mask") : null);
    }
}
