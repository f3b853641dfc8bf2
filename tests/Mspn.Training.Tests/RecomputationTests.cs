using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public sealed class RecomputationTests : IDisposable
{
    private readonly OneThread _thread = new();

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose() => _thread.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Losses_gradients_and_statistics_are_those_of_the_plain_step(string name)
    {
        using var scope = NewDisposeScope();
        var (loss, gradients, statistics) = Step(name, recompute: false);
        var (again, gradientsAgain, statisticsAgain) = Step(name, recompute: true);
        again.Should().Be(loss);
        TensorBytes.ShouldBeSame(statisticsAgain, statistics);
        foreach (var (parameter, expected) in gradients)
        {
            var scale = Math.Max(1e-3, expected.Max(Math.Abs)); // a bias in front of a normalisation has none but rounding
            gradientsAgain[parameter].Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-9 * scale, parameter);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void It_goes_together_with_the_other_options(bool channelsLast, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        var plain = Losses(channelsLast, bfloat16, recompute: false);
        var recomputed = Losses(channelsLast, bfloat16, recompute: true);
        recomputed[0].Should().Be(plain[0]);
        recomputed[^1].Should().BeApproximately(plain[^1], (bfloat16 ? 0.02 : 1e-3) * plain[^1]);
    }

    [Theory]
    [InlineData("mspn", false)]
    [InlineData("mspn", true)]
    [InlineData("hourglass, aggregation, every scale", false)]
    [InlineData("openpose", true)]
    public void Layers_that_are_moved_on_the_way_back_are_moved_as_all_together(string name, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        var options = new TrainingStepOptions
        {
            ChannelsLast = true, BFloat16 = bfloat16, Recompute = true, AverageDecay = 0.9, Layers = [new("stem.*", 0.5)],
        };
        var (together, one) = (State(inOne: false), State(inOne: true));
        TensorBytes.ShouldBeSame(one, together);

        Dictionary<string, byte[]> State(bool inOne)
        {
            using var network = TinyNetworks.Build(name);
            using var stepper = new TrainingStepper(network, new EveryMapLoss(), options);
            torch.manual_seed(2);
            var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width);
            var targets = EveryMapLoss.Targets(network, 2);
            for (var step = 0; step < 2; step++)
            {
                if (inOne)
                {
                    stepper.Step(images, targets, 1e-3);
                }
                else
                {
                    stepper.Accumulate(images, targets);
                    stepper.Step(1e-3);
                }
            }
            network.Module.parameters().Where(p => p.grad is not null).Should().BeEmpty();
            stepper.OptimizerState().Steps.Should().Be(2);
            return SmallRun.State(network.Module, stepper);
        }
    }

    [Fact]
    public void Frozen_layers_at_the_beginning_are_no_part_of_the_way_back()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        var options = new TrainingStepOptions { Recompute = true, Layers = [LayerRule.Frozen("stem.*"), LayerRule.Frozen("stages.0.encoder.*")] };
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), options);
        stepper.Accumulate(rand(2, 3, 64, 64), EveryMapLoss.Targets(network, 2));
        network.named_parameters().Where(p => p.parameter.grad is not null).Should().NotBeEmpty().And.OnlyContain(
            p => !p.name.StartsWith("stem.", StringComparison.Ordinal) && !p.name.StartsWith("stages.0.encoder.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_frees_what_it_makes()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        var images = rand(2, 3, 64, 64);
        var targets = EveryMapLoss.Targets(network, 2);
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { Recompute = true });
        LiveTensors.ShouldNotGrowDuring(() => stepper.Step(images, targets, 1e-3));
    }

    [Fact]
    public void A_loss_that_is_not_finite_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        var images = rand(2, 3, 64, 64);
        images[0, 0, 0, 0] = double.NaN;
        var targets = EveryMapLoss.Targets(network, 2);
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { Recompute = true });
        LiveTensors.ShouldNotGrowDuring(() => double.IsNaN(stepper.Step(images, targets, 1e-3)).Should().BeTrue());
        network.named_parameters().Where(p => p.parameter.grad is not null).Should().BeEmpty();
    }

    private static double[] Losses(bool channelsLast, bool bfloat16, bool recompute)
    {
        var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(
            network, new EveryMapLoss(), new TrainingStepOptions { ChannelsLast = channelsLast, BFloat16 = bfloat16, Recompute = recompute });
        torch.manual_seed(2);
        var images = rand(2, 3, 64, 64);
        var targets = EveryMapLoss.Targets(network, 2);
        return [.. Enumerable.Range(0, 3).Select(_ => stepper.Step(images, targets, 1e-3))];
    }

    private static (double Loss, Dictionary<string, double[]> Gradients, Dictionary<string, byte[]> Statistics) Step(
        string name, bool recompute)
    {
        using var network = TinyNetworks.Build(name);
        network.Module.to(ScalarType.Float64); // single precision would not tell an error from the noise of gradients that cancel out
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { Recompute = recompute });
        torch.manual_seed(2);
        var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width).to(ScalarType.Float64);
        var targets = EveryMapLoss.Targets(network, 2);
        var extras = targets.Extras.ToDictionary(e => e.Key, e => e.Value.to(ScalarType.Float64));
        var loss = stepper.Accumulate(images, new PoseTargets(targets.Heatmaps.to(ScalarType.Float64), targets.Visibility) { Extras = extras });
        return (
            loss,
            network.Module.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.Doubles()),
            network.Module.named_buffers().ToDictionary(b => b.name, b => b.buffer.Bytes()));
    }
}
