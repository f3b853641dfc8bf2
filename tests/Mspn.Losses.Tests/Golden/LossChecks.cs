using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests.Golden;

/// <summary>Comparisons of double-precision losses and gradients with the reference's.</summary>
internal static class LossChecks
{
    /// <summary>A stored prediction in double precision, with a gradient to be filled. It belongs to the caller's dispose scope.</summary>
    public static Tensor Prediction(this GoldenTensors tensors, string name) => tensors.Double(name).requires_grad_();

    /// <summary>A stored tensor in double precision. It belongs to the caller's dispose scope.</summary>
    public static Tensor Double(this GoldenTensors tensors, string name) => tensors.Read(name).to(ScalarType.Float64);

    public static void ShouldBe(this Tensor loss, double expected, JsonElement tolerance, string because) =>
        loss.item<double>().Should().BeApproximately(expected, tolerance.Number("loss_rel") * Math.Abs(expected), because);

    /// <summary>Compares the gradient of a prediction.</summary>
    public static void GradientShouldBe(this Tensor prediction, double[] expected, JsonElement tolerance, string because)
    {
        var allowed = tolerance.TryGetProperty("grad_abs", out var absolute)
            ? absolute.Number()
            : tolerance.Number("grad_rel_to_max") * expected.Max(Math.Abs);
        Differences.Largest(prediction.grad!.Doubles(), expected, because).Should().BeLessThanOrEqualTo(allowed, because);
    }
}
