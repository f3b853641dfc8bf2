using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public class LossShapeTests
{
    public static TheoryData<long[], long[], long[]> Mismatches => new()
    {
        { [2, 9, 4, 4], [2, 9, 4, 5], [2, 9] },
        { [2, 9, 4, 4], [1, 9, 4, 4], [2, 9] },
        { [2, 9, 4, 4], [2, 1, 4, 4], [2, 9] },
        { [9, 4, 4], [9, 4, 4], [2, 9] },
        { [2, 9, 4, 4], [2, 9, 4, 4], [2, 1] },
        { [2, 9, 4, 4], [2, 9, 4, 4], [1, 9] },
        { [2, 9, 4, 4], [2, 9, 4, 4], [2, 9, 1] },
    };

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void Shapes_that_would_broadcast_are_refused(long[] prediction, long[] target, long[] visibility)
    {
        using var scope = NewDisposeScope();
        var (p, t, v) = (zeros(prediction), zeros(target), zeros(visibility));
        foreach (var loss in new IJointLoss[] { new JointsMseLoss(), new OhkmLoss() })
        {
            loss.Invoking(l => l.Compute(p, t, v)).Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(", ", prediction)}]*");
        }
    }

    [Fact]
    public void Losses_free_what_they_make()
    {
        using var scope = NewDisposeScope();
        var (p, t, v) = (zeros([2, 9, 4, 4], requires_grad: true), ones(2, 9, 4, 4), ones(2, 9));
        foreach (var loss in new IJointLoss[] { new JointsMseLoss(), new JointsMseLoss(VisibilityConvention.Mmpose), new OhkmLoss() })
        {
            LiveTensors.ShouldNotGrowDuring(() => loss.Compute(p, t, v).Dispose());
        }
    }
}
