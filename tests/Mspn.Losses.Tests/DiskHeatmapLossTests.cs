using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class DiskHeatmapLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void It_is_the_logistic_loss_of_labelled_keypoints()
    {
        // Two cells a keypoint; the third keypoint has no label.
        float[] logits = [2, -1, 0.5f, 3, 9, -9];
        float[] disks = [1, 0, 0, 1, 0, 1];
        var expected = Enumerable.Range(0, 4).Sum(i => Math.Log(1 + Math.Exp(disks[i] == 1 ? -logits[i] : logits[i]))) / 6;
        var loss = new DiskHeatmapLoss().Compute(tensor(logits, [1, 3, 1, 2]), tensor(disks, [1, 3, 1, 2]), tensor([2f, 1f, 0f], [1, 3]));
        loss.item<float>().Should().BeApproximately((float)expected, 1e-6f);
    }

    [Fact]
    public void Gradients_are_those_of_the_formula()
    {
        var logits = tensor([2f, -1f, 0f, 50f], [1, 2, 1, 2], requires_grad: true);
        new DiskHeatmapLoss().Compute(logits, tensor([1f, 0f, 1f, 0f], [1, 2, 1, 2]), tensor([2f, 0f], [1, 2])).backward();
        static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
        float[] expected = [(Sigmoid(2) - 1) / 4, Sigmoid(-1) / 4, 0, 0];
        logits.grad!.Floats().Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6);
    }

    [Fact]
    public void Large_logits_give_finite_losses()
    {
        var loss = new DiskHeatmapLoss().Compute(tensor([1000f, -1000f], [1, 1, 1, 2]), tensor([0f, 1f], [1, 1, 1, 2]), full([1, 1], 2f));
        loss.item<float>().Should().BeApproximately(1000, 1e-3f);
    }
}
