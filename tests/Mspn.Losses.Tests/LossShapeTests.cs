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

    public static TheoryData<long[]> Masks => [[2, 9, 4, 5], [2, 3, 4, 4], [1, 9, 4, 4], [9, 4, 4]];

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void Shapes_that_would_broadcast_are_refused(long[] prediction, long[] target, long[] visibility)
    {
        using var scope = NewDisposeScope();
        var (p, t, v) = (zeros(prediction), zeros(target), zeros(visibility));
        foreach (var loss in new IJointLoss[] { new JointsMseLoss(), new OhkmLoss(), new DiskHeatmapLoss() })
        {
            loss.Invoking(l => l.Compute(p, t, v)).Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(", ", prediction)}]*");
        }
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Masks_that_would_broadcast_are_refused(long[] mask)
    {
        using var scope = NewDisposeScope();
        var (p, t, v, m) = (zeros(2, 9, 4, 4), zeros(2, 9, 4, 4), zeros(2, 9), zeros(mask));
        var compute = () => new JointsMseLoss().Compute(p, t, v, m);
        compute.Should().Throw<ArgumentException>().WithMessage($"*[{string.Join(", ", mask)}]*[2, 9, 4, 4]*");
    }

    [Fact]
    public void Losses_free_what_they_make()
    {
        using var scope = NewDisposeScope();
        var (p, t, v) = (zeros([2, 9, 4, 4], requires_grad: true), ones(2, 9, 4, 4), ones(2, 9));
        foreach (var loss in new IJointLoss[]
        {
            new JointsMseLoss(), new JointsMseLoss(JointWeighting.Maps) { SkipEmptyMaps = true }, new OhkmLoss(), new DiskHeatmapLoss(),
        })
        {
            LiveTensors.ShouldNotGrowDuring(() => loss.Compute(p, t, v).Dispose());
        }
    }
}
