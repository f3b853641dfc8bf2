using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public sealed class ReplicaTests : IDisposable
{
    private readonly OneThread _thread = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose()
    {
        _scope.Dispose();
        _thread.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_copies_give_the_step_of_two_half_batches_to_the_bit(string name)
    {
        var halves = State(name, new TrainingStepOptions(), (stepper, images, targets) =>
        {
            foreach (var half in new[] { 0, 2 })
            {
                stepper.Accumulate(images.narrow(0, half, 2), Half(targets, half));
            }
            stepper.Step(1e-3);
        });
        var replicas = State(name, new TrainingStepOptions { Replicas = 2 }, (stepper, images, targets) => stepper.Step(images, targets, 1e-3));
        // The statistics are those of the first copy's share alone.
        halves.Where(p => p.Key.EndsWith("running_mean", StringComparison.Ordinal) && p.Value.SequenceEqual(replicas[p.Key])).Should().BeEmpty();
        TensorBytes.ShouldBeSame(WithoutStatistics(replicas), WithoutStatistics(halves));

        static Dictionary<string, byte[]> WithoutStatistics(Dictionary<string, byte[]> state) => state
            .Where(p => !p.Key.Contains("running", StringComparison.Ordinal) && !p.Key.EndsWith("tracked", StringComparison.Ordinal)).ToDictionary();
    }

    [Theory]
    [InlineData(3, false, false)]
    [InlineData(3, true, true)]
    [InlineData(5, false, true)]
    public void Shares_need_not_be_equal_and_everything_goes_together(int replicas, bool bfloat16, bool recompute)
    {
        // Four people: shares of 1, 1 and 2, or a copy too many.
        var options = new TrainingStepOptions
        {
            Replicas = replicas,
            BFloat16 = bfloat16,
            Recompute = recompute,
            ChannelsLast = true,
            GradientClip = 1e6,
            AverageDecay = 0.9,
        };
        var first = Run();
        TensorBytes.ShouldBeSame(Run(), first);

        Dictionary<string, byte[]> Run() => State("mspn", options, (stepper, images, targets) =>
        {
            using var network = TinyNetworks.Mspn();
            var loss = stepper.Accumulate(images, targets);
            // In training mode the network's own loss is that of one share; the mean of all is near.
            loss.Should().BeApproximately(new EveryMapLoss().Compute(network.Predict(images), targets).item<float>(), 0.5 * loss);
            stepper.Accumulate(images, targets).Should().BeApproximately(loss, 1e-6 * loss);
            stepper.Step(1e-3);
        });
    }

    [Fact]
    public void Frozen_layers_are_frozen_in_every_copy()
    {
        var options = new TrainingStepOptions { Layers = [LayerRule.Frozen("stem.*"), new("stages.0.*", 1, FreezeStatistics: true)] };
        var halves = State("mspn", options, (stepper, images, targets) =>
        {
            stepper.Accumulate(images.narrow(0, 0, 2), Half(targets, 0));
            stepper.Accumulate(images.narrow(0, 2, 2), Half(targets, 2));
            stepper.Step(1e-3);
        }, shift: 0.5);
        var replicas = State("mspn", options with { Replicas = 2 }, (stepper, images, targets) => stepper.Step(images, targets, 1e-3), shift: 0.5);
        var same = halves.Keys.Where(k => k.StartsWith("stem.", StringComparison.Ordinal) || k.Contains("stages.0.", StringComparison.Ordinal)).ToArray();
        TensorBytes.ShouldBeSame(same.ToDictionary(k => k, k => replicas[k]), same.ToDictionary(k => k, k => halves[k]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_fails_in_one_copy_fails_the_step_and_leaves_nothing_behind(bool throws)
    {
        using var network = TinyNetworks.Mspn();
        var images = rand(4, 3, 64, 64);
        var targets = EveryMapLoss.Targets(network, 4);
        images[3, 0, 0, 0] = double.NaN; // in the second copy's share
        var before = TensorBytes.Snapshot(network);
        using var stepper = new TrainingStepper(network, throws ? new ThrowingLoss() : new EveryMapLoss(), new TrainingStepOptions { Replicas = 2 });
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            if (throws)
            {
                stepper.Invoking(s => s.Step(images, targets, 1e-3)).Should().Throw<InvalidOperationException>().WithMessage("here");
            }
            else
            {
                double.IsNaN(stepper.Step(images, targets, 1e-3)).Should().BeTrue();
            }
        });
        stepper.OptimizerState().Steps.Should().Be(0);
        var parameters = network.named_parameters().Select(p => p.name).ToHashSet();
        TensorBytes.ShouldBeSame(
            TensorBytes.Snapshot(network).Where(p => parameters.Contains(p.Key)).ToDictionary(), before.Where(p => parameters.Contains(p.Key)).ToDictionary());
    }

    [Fact]
    public void Steps_and_the_copies_themselves_free_what_they_make()
    {
        using var network = TinyNetworks.Mspn();
        var images = rand(4, 3, 64, 64);
        var targets = EveryMapLoss.Targets(network, 4);
        using (var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { Replicas = 2, BFloat16 = true }))
        {
            LiveTensors.ShouldNotGrowDuring(() => stepper.Step(images, targets, 1e-3));
        }
        // The network's own weights outlive the copies that shared them.
        network.eval();
        network.Predict(images).Final.isfinite().all().item<bool>().Should().BeTrue();
        get_num_threads().Should().Be(1);
    }

    [Fact]
    public void A_resumed_run_is_the_uninterrupted_one()
    {
        using var whole = new TemporaryFolder();
        using var parts = new TemporaryFolder();
        Train(whole.Path, 6, seed: 1);
        Train(parts.Path, 3, seed: 1);
        Train(parts.Path, 6, seed: 99);
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(parts.Path)), SmallRun.Tensors(SmallRun.Checkpoint(whole.Path)));

        static void Train(string folder, int steps, int seed)
        {
            using var network = TinyNetworks.Mspn(seed: seed);
            var options = SmallRun.Options(folder, steps) with { Replicas = 2, Schedule = new LearningRateSchedule { BaseRate = 1e-3, Decay = new NoDecay() } };
            new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options).Run(resume: true);
        }
    }

    [Fact]
    public void A_network_that_only_its_own_code_can_build_has_no_copies()
    {
        using var network = new OwnNetwork(KeypointSchemas.Coco17, new ImageSize(64, 64));
        FluentActions.Invoking(() => new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { Replicas = 2 }))
            .Should().Throw<ArgumentException>().WithMessage("*Replicas*OwnNetwork has no Options*");
        using var tiny = TinyNetworks.Mspn();
        FluentActions.Invoking(() => new TrainingStepper(tiny, new EveryMapLoss(), new TrainingStepOptions { Replicas = 0 }))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Replicas*");
    }

    private static PoseTargets Half(PoseTargets targets, long from) => new(targets.Heatmaps.narrow(0, from, 2), targets.Visibility.narrow(0, from, 2))
    {
        Extras = targets.Extras.ToDictionary(e => e.Key, e => e.Value.narrow(0, from, 2)),
    };

    private static Dictionary<string, byte[]> State(
        string name, TrainingStepOptions options, Action<TrainingStepper, Tensor, PoseTargets> step, double shift = 0)
    {
        using var network = TinyNetworks.Build(name);
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), options);
        torch.manual_seed(2);
        var images = rand(4, 3, network.InputSize.Height, network.InputSize.Width);
        var targets = EveryMapLoss.Targets(network, 4);
        if (shift != 0)
        {
            // Weights and statistics that come after the copies were made, as from a checkpoint.
            using var noGrad = no_grad();
            foreach (var (key, tensor) in NetworkWeights.Of(network.Module).Where(p => p.Value.is_floating_point()))
            {
                tensor.add_(torch.tensor(shift, tensor.dtype));
            }
        }
        step(stepper, images, targets);
        step(stepper, images, targets);
        return SmallRun.State(network.Module, stepper);
    }

    // Throws for the share whose images are not numbers.
    private sealed class ThrowingLoss : IPoseLoss
    {
        public Tensor Compute(PoseOutput output, PoseTargets targets)
        {
            var loss = new EveryMapLoss().Compute(output, targets);
            return double.IsNaN(loss.item<float>()) ? throw new InvalidOperationException("here") : loss;
        }
    }
}
