using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "simplebaseline")]
public class SimpleBaselineLossGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("simplebaseline", "joints_mse_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Losses_and_gradients_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var (tensors, tolerance) = (golden.Tensors, golden.Entry.GetProperty("tolerance"));
        foreach (var (key, gradient, loss) in new[]
        {
            ("use_target_weight=True", "grad_weighted", new JointsMseLoss(JointWeighting.Maps) { Factor = 0.5 }),
            // Without weights every keypoint counts.
            ("use_target_weight=False", "grad_unweighted", new JointsMseLoss(float.NegativeInfinity, maskPrediction: true) { Factor = 0.5 }),
        })
        {
            using var scope = NewDisposeScope();
            var prediction = tensors.Prediction("output");
            var value = loss.Compute(prediction, tensors.Double("target"), tensors.Double("target_weight").squeeze(-1));
            value.ShouldBe(golden.Json.GetProperty(key).Number("loss_float64"), tolerance, key);
            value.backward();
            prediction.GradientShouldBe(tensors.Doubles(gradient), tolerance, key);
        }
    }
}
