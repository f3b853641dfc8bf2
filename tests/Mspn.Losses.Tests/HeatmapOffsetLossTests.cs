using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class HeatmapOffsetLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Every_stage_pays_four_times_its_disks_and_once_its_offsets()
    {
        // Logits of 0 cost ln 2 everywhere; offsets that miss by (0.3, 0.4) cost 0.5²/2 in the disk, which is half of the map.
        var (heatmaps, offsets) = (zeros(1, 1, 2, 2), tensor([0.3f, 0.4f], [1, 2, 1, 1]).expand(1, 2, 2, 2));
        var loss = new HeatmapOffsetLoss();
        loss.Compute(Output(heatmaps, offsets, stages: 1), Targets()).item<float>().Should().BeApproximately((float)(4 * Math.Log(2) + 0.125 / 2), 1e-5f);
        loss.Compute(Output(heatmaps, offsets, stages: 3), Targets()).item<float>().Should().BeApproximately((float)(12 * Math.Log(2) + 0.375 / 2), 1e-5f);
        new HeatmapOffsetLoss(heatmapWeight: 0, offsetWeight: 2).Compute(Output(heatmaps, offsets, stages: 1), Targets()).item<float>()
            .Should().BeApproximately(0.125f, 1e-6f);
    }

    [Fact]
    public void Gradients_reach_heat_maps_and_offsets()
    {
        var (heatmaps, offsets) = (zeros([1, 1, 2, 2], requires_grad: true), ones([1, 2, 2, 2], requires_grad: true));
        new HeatmapOffsetLoss().Compute(Output(heatmaps, offsets, stages: 1), Targets()).backward();
        heatmaps.grad!.abs().min().item<float>().Should().BePositive();
        offsets.grad!.count_nonzero().item<long>().Should().Be(4, "half of the cells are in the disk");
    }

    [Fact]
    public void Output_and_targets_without_offsets_are_refused()
    {
        var loss = new HeatmapOffsetLoss();
        var bare = () => loss.Compute(new PoseOutput([[zeros(1, 1, 2, 2)]]), Targets());
        bare.Should().Throw<ArgumentException>().WithMessage("*offsets*nothing*");
        var aimless = () => loss.Compute(Output(zeros(1, 1, 2, 2), zeros(1, 2, 2, 2), 1), new PoseTargets(zeros([1, 1, 1, 2, 2]), ones([1, 1])));
        aimless.Should().Throw<ArgumentException>().WithMessage("*offsets*nothing*");
        var kernels = () => loss.Compute(Output(zeros(1, 1, 2, 2), zeros(1, 2, 2, 2), 1), new PoseTargets(zeros([1, 3, 1, 2, 2]), ones([1, 1])));
        kernels.Should().Throw<ArgumentException>().WithMessage("*[N, 1, K, h, w]*[1, 3, 1, 2, 2]*");
    }

    [Fact]
    public void The_sum_frees_its_parts()
    {
        var (output, targets) = (Output(zeros([1, 1, 2, 2], requires_grad: true), ones(1, 2, 2, 2), 2), Targets());
        var loss = new HeatmapOffsetLoss();
        LiveTensors.ShouldNotGrowDuring(() => loss.Compute(output, targets).Dispose());
    }

    private static PoseOutput Output(Tensor heatmaps, Tensor offsets, int stages) => new(
        [.. Enumerable.Repeat((IReadOnlyList<Tensor>)[heatmaps], stages)],
        new Dictionary<string, IReadOnlyList<Tensor>> { [PoseExtra.Offsets] = [.. Enumerable.Repeat(offsets, stages)] });

    // The upper row is the disk, and everything in it points to where it is.
    private static PoseTargets Targets() => new(tensor([1f, 1, 0, 0], [1, 1, 1, 2, 2]), ones([1, 1]))
    {
        Extras = new Dictionary<string, Tensor> { [PoseExtra.Offsets] = zeros(1, 2, 2, 2) },
    };
}
