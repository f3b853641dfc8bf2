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

    [Fact]
    public void Weights_act_once_on_the_error_or_on_both_maps()
    {
        float[] weights = [0.5f, 2, 0];
        Compute(new JointsMseLoss(JointWeighting.SquaredError), weights).Should().BeApproximately((0.5 * 9 + 2 * 16) / 3, 1e-6);
        Compute(new JointsMseLoss(JointWeighting.Maps), weights).Should().BeApproximately((0.25 * 9 + 4 * 16) / 3, 1e-6);
        Compute(new JointsMseLoss(JointWeighting.Flags), weights).Should().BeApproximately((9 + 16) / 3.0, 1e-6);
    }

    [Fact]
    public void A_factor_scales_the_loss() => Compute(new JointsMseLoss { Factor = 0.5 }).Should().BeApproximately((9 + 4 + 9) / 6.0, 1e-6);

    [Fact]
    public void Maps_without_a_target_can_be_left_out()
    {
        var target = tensor([0f, 6f, 0f, 0f], [1, 2, 1, 2]);
        var (prediction, visibility) = (ones(1, 2, 1, 2), full([1, 2], 2f));
        new JointsMseLoss { SkipEmptyMaps = true }.Compute(prediction, target, visibility).item<float>().Should().BeApproximately((1 + 25) / 4f, 1e-6f);
        new JointsMseLoss().Compute(prediction, target, visibility).item<float>().Should().BeApproximately((1 + 25 + 1 + 1) / 4f, 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_mask_weighs_pixels(int maps)
    {
        var mask = tensor([1f, 0.5f], [1, 1, 1, 2]).expand(1, maps, 1, 2);
        var loss = new JointsMseLoss().Compute(ones(1, 2, 1, 2) * 2, zeros(1, 2, 1, 2), full([1, 2], 2f), mask);
        loss.item<float>().Should().BeApproximately((4 + 2 + 4 + 2) / 4f, 1e-6f);
    }

    // Predictions 1, 2, 3, targets 4, 6, 8; visible, hidden, not labelled.
    private static double Compute(IJointLoss loss, float[]? visibility = null) => loss.Compute(
        tensor([1f, 2f, 3f], [1, 3, 1, 1]), tensor([4f, 6f, 8f], [1, 3, 1, 1]), tensor(visibility ?? [2, 1, 0], [1, 3])).item<float>();
}
