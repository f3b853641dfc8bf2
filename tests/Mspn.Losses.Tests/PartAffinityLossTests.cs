using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses.Tests;

public sealed class PartAffinityLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_sum_over_stages_is_the_one_worked_out_by_hand()
    {
        // Stage 1 is wrong by 1, 3 and 2 (heat maps, background, fields), stage 2 by 2, 4 and 3; there are two heat maps and one background.
        const double first = (2 * 1 + 9) / 3.0 + 4;
        const double second = (2 * 4 + 16) / 3.0 + 9;
        Compute(new PartAffinityLoss(), Output(2), Targets()).Should().BeApproximately(first + second, 1e-5);
        Compute(new PartAffinityLoss { HeatmapWeight = 0 }, Output(2), Targets()).Should().BeApproximately(4 + 9, 1e-5);
        Compute(new PartAffinityLoss { FieldWeight = 0.5 }, Output(1), Targets()).Should().BeApproximately((2 + 9) / 3.0 + 2, 1e-5);
    }

    [Fact]
    public void What_is_masked_does_not_count_but_the_mean_is_over_all_cells()
    {
        var mask = ones([2, 1, 3, 4]);
        mask[0] = 0;
        mask[1, 0, 0, 0] = 0;
        const double everywhere = (2 * 1 + 9) / 3.0 + 4;
        Compute(new PartAffinityLoss(), Output(1), Targets(mask)).Should().BeApproximately(everywhere * 11 / 24, 1e-5);
        Compute(new PartAffinityLoss(), Output(1), Targets(ones([2, 1, 3, 4]))).Should().BeApproximately(everywhere, 1e-5);
    }

    [Fact]
    public void Caffes_scale_is_half_the_sum_for_each_image()
    {
        var loss = new PartAffinityLoss { HeatmapWeight = 3 * 3 * 4 / 2.0, FieldWeight = 2 * 3 * 4 / 2.0 };
        // Squares of an image: 2 maps × 12 × 1² + 12 × 3² and 2 fields × 12 × 2².
        Compute(loss, Output(1), Targets()).Should().BeApproximately((24 + 108) / 2.0 + 96 / 2.0, 1e-4);
    }

    [Fact]
    public void A_network_without_a_background_needs_none()
    {
        var output = Output(1);
        var bare = new PoseOutput(output.Heatmaps, Only(output, PoseExtra.AffinityFields));
        Compute(new PartAffinityLoss(), bare, Targets()).Should().BeApproximately(1 + 4, 1e-5);
    }

    [Fact]
    public void Gradients_reach_every_stage_and_stop_at_the_mask()
    {
        var output = Output(2, requiresGrad: true);
        var mask = ones([2, 1, 3, 4]);
        mask[1] = 0;
        new PartAffinityLoss().Compute(output, Targets(mask)).backward();
        foreach (var maps in output.Heatmaps.SelectMany(s => s).Concat(output.Extras.Values.SelectMany(s => s)))
        {
            maps.grad![0].abs().min().item<float>().Should().BePositive();
            maps.grad![1].abs().max().item<float>().Should().Be(0);
        }
    }

    [Fact]
    public void Gradients_reach_the_parts_of_an_OpenPose()
    {
        torch.manual_seed(1);
        using var network = new OpenPose(new OpenPoseOptions
        {
            InputSize = new ImageSize(32, 32), Stages = 3, BaseChannels = 4, Channels = 8, FirstStageChannels = 8, Kernel = 3,
        });
        var targets = new PoseTargets(rand([1, 1, 18, 4, 4]), full([1, 18], 2f))
        {
            Extras = new Dictionary<string, Tensor> { [PoseExtra.AffinityFields] = rand([1, 38, 4, 4]), [PoseExtra.Background] = rand([1, 1, 4, 4]) },
        };
        new PartAffinityLoss().Compute(network.Predict(rand([1, 3, 32, 32])), targets).backward();
        network.named_parameters().Where(p => p.parameter.grad is null).Should().BeEmpty();
        network.Heads.SelectMany(h => h.parameters()).Should().OnlyContain(p => p.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        var loss = new PartAffinityLoss();
        var output = Output(1);
        Refused(loss, output, Targets(ones([2, 1, 4, 3])), "*mask [2, 1, 3, 4]*[2, 1, 4, 3]*");
        Refused(loss, output, Targets(ones([2, 3, 4])), "*mask*");
        Refused(loss, output, Targets() with { Extras = new Dictionary<string, Tensor>() }, "*no target 'background'*");
        Refused(loss, output, Targets() with { Heatmaps = zeros([2, 2, 2, 3, 4]) }, "*[N, 1, K, h, w]*[2, 2, 2, 3, 4]*");
        Refused(loss, output, Targets() with { Heatmaps = zeros([2, 1, 3, 3, 4]) }, "*heat maps [2, 3, 3, 4]*[2, 4, 3, 4]*");
        var wide = new Dictionary<string, Tensor>(Targets().Extras) { [PoseExtra.Background] = zeros([2, 1, 3, 5]) };
        Refused(loss, output, Targets() with { Extras = wide }, "*target's heat maps [2, 2, 3, 4]*background [2, 1, 3, 5]*");
        var two = new Dictionary<string, IReadOnlyList<Tensor>>(output.Extras) { [PoseExtra.Background] = [zeros([2, 2, 3, 4])] };
        Refused(loss, new PoseOutput(output.Heatmaps, two), Targets(), "*prediction's heat maps [2, 2, 3, 4]*background [2, 2, 3, 4]*");
        Refused(loss, new PoseOutput(output.Heatmaps), Targets(), "*no 'affinity_fields'*");
        Refused(loss, new PoseOutput(Output(2).Heatmaps, output.Extras), Targets(), "*2 stages*1*");
    }

    [Fact]
    public void The_loss_frees_its_parts()
    {
        var (output, targets) = (Output(2, requiresGrad: true), Targets(ones([2, 1, 3, 4])));
        LiveTensors.ShouldNotGrowDuring(() => new PartAffinityLoss().Compute(output, targets).Dispose());
    }

    private static void Refused(PartAffinityLoss loss, PoseOutput output, PoseTargets targets, string message) =>
        loss.Invoking(l => l.Compute(output, targets)).Should().Throw<ArgumentException>().WithMessage(message);

    private static double Compute(PartAffinityLoss loss, PoseOutput output, PoseTargets targets) => loss.Compute(output, targets).item<float>();

    // Stage s: heat maps s + 1, background s + 3, fields s + 2.
    private static PoseOutput Output(int stages, bool requiresGrad = false)
    {
        Tensor[] Of(int channels, int value) =>
            [.. Enumerable.Range(0, stages).Select(s => full([2, channels, 3, 4], (float)(s + value), requires_grad: requiresGrad))];
        return new PoseOutput(
            [.. Of(2, 1).Select(maps => new[] { maps })],
            new Dictionary<string, IReadOnlyList<Tensor>> { [PoseExtra.AffinityFields] = Of(2, 2), [PoseExtra.Background] = Of(1, 3) });
    }

    private static PoseTargets Targets(Tensor? mask = null)
    {
        var extras = new Dictionary<string, Tensor> { [PoseExtra.AffinityFields] = zeros([2, 2, 3, 4]), [PoseExtra.Background] = zeros([2, 1, 3, 4]) };
        if (mask is not null)
        {
            extras[PoseTargets.Mask] = mask;
        }
        return new PoseTargets(zeros([2, 1, 2, 3, 4]), full([2, 2], 2f)) { Extras = extras };
    }

    private static Dictionary<string, IReadOnlyList<Tensor>> Only(PoseOutput output, string name) => new() { [name] = output.Extras[name] };
}
