using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class MultiStageLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Weights_and_kernels_are_those_worked_out_by_hand()
    {
        // Against zeros, kernel l of value l + 1 costs (l + 1)². First stage: kernels 1 to 4; last stage: 2 to 5.
        const double first = 0.25 * (1 + 4 + 9) + 16;
        const double last = 0.25 * (4 + 9 + 16) + 25;
        Compute(new MultiStageLoss(new JointsMseLoss(), new JointsMseLoss()), 2).Should().BeApproximately(first + last, 1e-4);
        Compute(new MultiStageLoss(new JointsMseLoss(), new JointsMseLoss()), 3).Should().BeApproximately(2 * first + last, 1e-4);
        Compute(new MultiStageLoss(new JointsMseLoss(), new JointsMseLoss()) { CoarseToFineSupervision = false }, 2)
            .Should().BeApproximately(2 * first, 1e-4);
        Compute(new MultiStageLoss(new JointsMseLoss(), new JointsMseLoss()) { CoarseWeight = 1 }, 1).Should().BeApproximately(4 + 9 + 16 + 25, 1e-4);
    }

    [Fact]
    public void Coarse_scales_and_the_finest_have_losses_of_their_own()
    {
        var (coarse, finest) = (new Recorder(), new Recorder());
        Compute(new MultiStageLoss(coarse, finest), 2);
        coarse.Kernels.Should().Equal(0, 1, 2, 1, 2, 3);
        finest.Kernels.Should().Equal(3, 4);
    }

    [Fact]
    public void The_defaults_are_the_official_losses()
    {
        var loss = new MultiStageLoss();
        loss.Coarse.Should().BeOfType<JointsMseLoss>();
        loss.Finest.Should().BeOfType<OhkmLoss>().Which.TopK.Should().Be(8);
        loss.CoarseWeight.Should().Be(0.25);
    }

    [Fact]
    public void The_finest_scales_of_earlier_stages_can_be_coarse_ones()
    {
        var (coarse, finest) = (new Recorder(), new Recorder());
        Compute(new MultiStageLoss(coarse, finest) { FinestInLastStageOnly = true }, 2);
        coarse.Kernels.Should().Equal(0, 1, 2, 3, 1, 2, 3);
        finest.Kernels.Should().Equal(4);
    }

    [Fact]
    public void Gradients_reach_every_map()
    {
        var maps = Maps(2, requiresGrad: true);
        new MultiStageLoss().Compute(new PoseOutput(maps), Targets(5)).backward();
        maps.SelectMany(s => s).Should().OnlyContain(m => m.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Too_few_kernels_are_an_error()
    {
        var compute = () => new MultiStageLoss().Compute(new PoseOutput(Maps(1)), Targets(3));
        compute.Should().Throw<ArgumentException>().WithMessage("*4 scales*3*");
    }

    [Fact]
    public void Targets_of_another_rank_are_an_error()
    {
        var compute = () => new MultiStageLoss().Compute(new PoseOutput(Maps(1)), new PoseTargets(zeros(2, 9, 4, 4), full([2, 9], 2f)));
        compute.Should().Throw<ArgumentException>().WithMessage("*[N, L, K, h, w]*[2, 9, 4, 4]*");
    }

    [Fact]
    public void The_sum_frees_its_parts()
    {
        var (output, targets) = (new PoseOutput(Maps(2, requiresGrad: true)), Targets(5));
        LiveTensors.ShouldNotGrowDuring(() => new MultiStageLoss().Compute(output, targets).Dispose());
    }

    private static double Compute(MultiStageLoss loss, int stages) =>
        loss.Compute(new PoseOutput(Maps(stages)), Targets(5)).item<float>();

    private static Tensor[][] Maps(int stages, bool requiresGrad = false) =>
        [.. Enumerable.Range(0, stages).Select(_ => Enumerable.Range(0, 4).Select(_ => zeros([2, 9, 3, 4], requires_grad: requiresGrad)).ToArray())];

    private static PoseTargets Targets(int kernels) => new(
        arange(1, kernels + 1, ScalarType.Float32).reshape(1, kernels, 1, 1, 1).expand(2, kernels, 9, 3, 4), full([2, 9], 2f));

    private sealed class Recorder : IJointLoss
    {
        public List<int> Kernels { get; } = [];

        public Tensor Compute(Tensor prediction, Tensor target, Tensor visibility)
        {
            Kernels.Add((int)target.max().item<float>() - 1);
            return prediction.sum();
        }
    }
}
