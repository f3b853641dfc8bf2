using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class PoseLossesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // One map a keypoint, predictions of zero: an error of 1 for the visible keypoint, 4 for the hidden one, 9 for the one without a label.
    public static TheoryData<string, double> Totals => new()
    {
        { "mspn", (0.25 * (1 + 0 + 0) + (1 + 4 + 0)) / 3.0 },
        { "mmpose", (0.25 * (1 + 4 + 0) + (1 + 4 + 0)) / 3.0 },
        { "cpn", (0.5 * (1 + 0 + 0) + 0.5 * (1 + 0 + 0)) / 3.0 },
        { "simplebaseline", 2 * 0.5 * (1 + 4 + 0) / 3.0 },
        { "hourglass", 2 * (1 + 4 + 0) / 3.0 },
    };

    [Theory]
    [MemberData(nameof(Totals))]
    public void Losses_are_those_worked_out_by_hand(string name, double expected)
    {
        IReadOnlyList<IReadOnlyList<Tensor>> maps = name switch
        {
            "mspn" or "mmpose" or "cpn" => [[Zeros(), Zeros()]],
            _ => [[Zeros()], [Zeros()]],
        };
        if (name == "cpn")
        {
            // The refined maps of this output are right already.
            maps = [maps[0], [Targets().select(1, 0)]];
        }
        using var loss = Make(name).Compute(new PoseOutput(maps), new PoseTargets(Targets(), tensor([2f, 1f, 0f], [1, 3])));
        loss.item<float>().Should().BeApproximately((float)expected, 1e-6f);
    }

    [Fact]
    public void The_pyramids_kernels_run_from_the_coarsest_scale_to_the_refined_maps()
    {
        Enumerable.Range(0, 4).Select(scale => CoarseToFine.KernelIndex(0, 2, scale, 4, 4)).Should().Equal(0, 1, 2, 3);
        CoarseToFine.KernelIndex(1, 2, 0, 1, 4).Should().Be(3);
    }

    [Fact]
    public void Every_stack_of_an_hourglass_has_the_same_target()
    {
        var targets = cat([Targets(), Targets() * 10], 1);
        using var loss = PoseLosses.StackedHourglass()
            .Compute(new PoseOutput([[Zeros()], [Zeros()]]), new PoseTargets(targets, full([1, 3], 2f)));
        loss.item<float>().Should().BeApproximately(2 * (1 + 4 + 9) / 3f, 1e-5f);
    }

    private static MultiStageLoss Make(string name) => name switch
    {
        "mspn" => PoseLosses.Mspn(topK: 3),
        "mmpose" => PoseLosses.Mmpose(topK: 3),
        "cpn" => PoseLosses.CascadedPyramid(topK: 3),
        "simplebaseline" => PoseLosses.SimpleBaseline(),
        _ => PoseLosses.StackedHourglass(),
    };

    private static Tensor Zeros() => zeros(1, 3, 2, 2);

    private static Tensor Targets() => tensor([1f, 2f, 3f], [1, 1, 3, 1, 1]).expand(1, 2, 3, 2, 2).contiguous();
}
