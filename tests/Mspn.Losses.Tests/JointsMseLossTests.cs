using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class JointsMseLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Officially_hidden_keypoints_are_expected_to_give_zeros() =>
        Compute(new JointsMseLoss()).Should().BeApproximately((9 + 4 + 9) / 3.0, 1e-6);

    [Fact]
    public void Mmpose_counts_hidden_keypoints_and_ignores_unlabelled_ones() =>
        Compute(new JointsMseLoss(VisibilityConvention.Mmpose)).Should().BeApproximately((9 + 16 + 0) / 3.0, 1e-6);

    [Fact]
    public void Threshold_and_masking_can_be_chosen()
    {
        Compute(new JointsMseLoss(1, maskPrediction: true)).Should().BeApproximately(9 / 3.0, 1e-6);
        Compute(new JointsMseLoss(0, maskPrediction: false)).Should().BeApproximately((9 + 16 + 9) / 3.0, 1e-6);
        Compute(new JointsMseLoss(-1, maskPrediction: false)).Should().BeApproximately((9 + 16 + 25) / 3.0, 1e-6);
    }

    [Fact]
    public void The_mean_is_over_people_keypoints_and_pixels()
    {
        var prediction = zeros(2, 3, 4, 5);
        var target = zeros(2, 3, 4, 5);
        target[1, 2, 3, 4] = 12;
        new JointsMseLoss().Compute(prediction, target, full([2, 3], 2f)).item<float>().Should().BeApproximately(144f / 120, 1e-6f);
    }

    [Fact]
    public void Gradients_are_those_of_the_formula()
    {
        var prediction = tensor([1f, 2f, 3f], [1, 3, 1, 1], requires_grad: true);
        new JointsMseLoss().Compute(prediction, tensor([4f, 6f, 8f], [1, 3, 1, 1]), tensor([2f, 1f, 0f], [1, 3])).backward();
        var expected = new[] { 2 * (1 - 4) / 3f, 2 * 2 / 3f, 2 * 3 / 3f };
        prediction.grad!.Floats().Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6);
    }

    // Predictions 1, 2, 3, targets 4, 6, 8; visible, hidden, not labelled.
    private static double Compute(IJointLoss loss) => loss.Compute(
        tensor([1f, 2f, 3f], [1, 3, 1, 1]), tensor([4f, 6f, 8f], [1, 3, 1, 1]), tensor([2f, 1f, 0f], [1, 3])).item<float>();
}
