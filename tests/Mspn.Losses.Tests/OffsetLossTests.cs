using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class OffsetLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.3, 0.4, 1, 0.5 * 0.25)]
    [InlineData(3, 4, 1, 5 - 0.5)]
    [InlineData(3, 4, 2, 2 * (5 - 1))]
    [InlineData(3, 4, 10, 12.5)]
    [InlineData(0, 0, 1, 0)]
    public void The_length_of_an_error_is_bent_at_delta(double dx, double dy, double delta, double expected)
    {
        using var loss = Compute(new OffsetLoss(delta), tensor([(float)dx, (float)dy], [1, 2, 1, 1]), ones(1, 1, 1, 1));
        loss.item<float>().Should().BeApproximately((float)expected, 1e-5f);
    }

    [Fact]
    public void Only_cells_in_a_disk_count_and_all_cells_divide()
    {
        // Two keypoints on 2 × 2 cells, every error 2 cells long in both directions.
        var disks = tensor([1f, 0f, 0f, 0f, 1f, 1f, 0f, 0f], [1, 2, 2, 2]);
        using var loss = Compute(new OffsetLoss(), full([1, 4, 2, 2], 2f), disks);
        loss.item<float>().Should().BeApproximately((float)(3 * (Math.Sqrt(8) - 0.5) / 8), 1e-5f);
    }

    [Fact]
    public void Gradients_reach_the_predictions_in_the_disk_and_no_others()
    {
        // Errors of (3, 4), far beyond δ: a unit vector, divided by the two cells; then nothing; and outside the disk whatever it is.
        var prediction = tensor([3f, 7f, 4f, 7f], [1, 2, 1, 2], requires_grad: true);
        Compute(new OffsetLoss(), prediction, tensor([1f, 0f], [1, 1, 1, 2])).backward();
        prediction.grad!.Floats().Zip([0.6f / 2, 0, 0.8f / 2, 0]).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6);
    }

    [Fact]
    public void A_perfect_prediction_has_a_gradient_of_zero()
    {
        var prediction = zeros([1, 2, 2, 2], requires_grad: true);
        Compute(new OffsetLoss(), prediction, ones(1, 1, 2, 2)).backward();
        prediction.grad!.Floats().Should().OnlyContain(g => g == 0);
    }

    [Fact]
    public void Other_shapes_are_an_error()
    {
        var loss = new OffsetLoss();
        var (offsets, disks) = (zeros(1, 4, 2, 2), zeros(1, 2, 2, 2));
        ShouldRefuse(() => loss.Compute(disks, disks, disks), "*[1, 2, 2, 2]*");
        ShouldRefuse(() => loss.Compute(offsets, zeros(1, 4, 2, 3), disks), "*[1, 4, 2, 3]*");
        ShouldRefuse(() => loss.Compute(offsets, offsets, zeros(1, 1, 2, 2)), "*[1, 1, 2, 2]*");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public void The_bend_is_positive(double delta) =>
        FluentActions.Invoking(() => new OffsetLoss(delta)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void The_loss_frees_what_it_makes()
    {
        var (prediction, target, disks) = (rand([1, 4, 3, 3], requires_grad: true), rand(1, 4, 3, 3), ones(1, 2, 3, 3));
        LiveTensors.ShouldNotGrowDuring(() => new OffsetLoss().Compute(prediction, target, disks).Dispose());
    }

    private static void ShouldRefuse(Action compute, string message) =>
        compute.Should().Throw<ArgumentException>().WithMessage(message);

    private static Tensor Compute(OffsetLoss loss, Tensor prediction, Tensor disks) => loss.Compute(prediction, zeros_like(prediction), disks);
}
