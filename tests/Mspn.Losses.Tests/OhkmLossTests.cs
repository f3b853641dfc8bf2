using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class OhkmLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, (9 + 4) / 2.0)]
    [InlineData(3, (9 + 4 + 1) / 3.0)]
    [InlineData(4, (9 + 4 + 1 + 0) / 4.0)]
    public void The_hardest_labelled_keypoints_count(int topK, double expected) =>
        Compute(new OhkmLoss(topK), [2, 1, 0, 2]).Should().BeApproximately(expected, 1e-6);

    [Fact]
    public void Keypoints_that_do_not_count_still_fill_the_places()
    {
        Compute(new OhkmLoss(2), [2, 0, 0, 0]).Should().BeApproximately(0.5, 1e-6);
        Compute(new OhkmLoss(2, visibleAbove: 1), [1, 2, 1, 1]).Should().BeApproximately(2, 1e-6);
    }

    [Fact]
    public void Weights_decide_what_is_hard()
    {
        // Squared: 9, 0.25·100 and 4·4 remain.
        float[] weights = [0, 2, 0.5f, 1];
        Compute(new OhkmLoss(JointWeighting.Maps, topK: 2), weights).Should().BeApproximately((25 + 16) / 2.0, 1e-6);
        Compute(new OhkmLoss(JointWeighting.Maps, topK: 2) { Factor = 4 }, weights).Should().BeApproximately(4 * (25 + 16) / 2.0, 1e-6);
    }

    [Fact]
    public void Each_person_has_hardest_keypoints_of_their_own()
    {
        var target = cat([Targets(), zeros(1, 4, 2, 2)]);
        var loss = new OhkmLoss(2).Compute(zeros(2, 4, 2, 2), target, full([2, 4], 2f));
        loss.item<float>().Should().BeApproximately((100 + 9 + 0 + 0) / 4f, 1e-6f);
    }

    [Fact]
    public void Only_the_hardest_keypoints_have_gradients()
    {
        var prediction = zeros([1, 4, 2, 2], requires_grad: true);
        new OhkmLoss(2).Compute(prediction, Targets(), full([1, 4], 2f)).backward();
        // d/dp of mean over 4 pixels and 2 keypoints of (p - t)².
        prediction.grad!.mean([2, 3]).Floats().Should().Equal(0, 0, -2 * 10 / 8f, -2 * 3 / 8f);
    }

    [Fact]
    public void Fewer_keypoints_than_are_mined_are_an_error()
    {
        var compute = () => Compute(new OhkmLoss(), [2, 2, 2, 2]);
        compute.Should().Throw<ArgumentException>().WithMessage("*8 hardest*only 4*topK*");
    }

    [Fact]
    public void At_least_one_keypoint_is_mined()
    {
        var make = () => new OhkmLoss(0);
        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double Compute(IJointLoss loss, float[] visibility) =>
        loss.Compute(zeros(1, 4, 2, 2), Targets(), tensor(visibility, [1, 4])).item<float>();

    // Errors of 1, 4, 100 and 9 against a prediction of zeros.
    private static Tensor Targets() => tensor([1f, 2f, 10f, 3f], [1, 4, 1, 1]).expand(1, 4, 2, 2).contiguous();
}
