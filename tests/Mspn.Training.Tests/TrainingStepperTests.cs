using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public sealed class TrainingStepperTests : IDisposable
{
    private readonly PoseBatch _batch = SmallRun.Loader().Epoch(0).First();
    private readonly OneThread _thread = new();

    public void Dispose()
    {
        _thread.Dispose();
        _batch.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_loss_falls_on_one_batch(bool channelsLast)
    {
        var losses = Losses(10, channelsLast);
        losses[^1].Should().BeLessThan(losses[0]);
        losses.Skip(5).Average().Should().BeLessThan(losses.Take(5).Average());
    }

    [Fact]
    public void Channels_last_gives_the_same_losses_to_rounding()
    {
        var plain = Losses(3, channelsLast: false, learningRate: 1e-4);
        var last = Losses(3, channelsLast: true, learningRate: 1e-4);
        last[0].Should().BeApproximately(plain[0], 1e-6 * plain[0]);
        // Adam's first steps make whole steps of rounding differences: up to 5e-6 was measured, in proportion to the learning rate.
        last[1].Should().BeApproximately(plain[1], 3e-5 * plain[1]);
        last[2].Should().BeApproximately(plain[2], 3e-5 * plain[2]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_leaves_weights_and_moments_as_they_are(double value)
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new NanLoss(2, value));
        stepper.Step(_batch.Images, _batch.Targets, 1e-3);
        var weights = Parameters(network);
        var moments = stepper.OptimizerState().Moments.ToDictionary(m => m.Key, m => m.Value.Bytes());
        double.IsFinite(stepper.Step(_batch.Images, _batch.Targets, 1e-3)).Should().BeFalse();
        TensorBytes.ShouldBeSame(Parameters(network), weights);
        TensorBytes.ShouldBeSame(stepper.OptimizerState().Moments.ToDictionary(m => m.Key, m => m.Value.Bytes()), moments);
        stepper.OptimizerState().Steps.Should().Be(1);
    }

    [Fact]
    public void The_learning_rate_counts()
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new MultiStageLoss());
        var before = Parameters(network);
        stepper.Step(_batch.Images, _batch.Targets, 0);
        TensorBytes.ShouldBeSame(Parameters(network), before);
        stepper.Step(_batch.Images, _batch.Targets, 1e-3);
        Parameters(network)["stem.conv.conv.weight"].Should().NotEqual(before["stem.conv.conv.weight"]);
    }

    [Fact]
    public void Restored_moments_go_on_as_if_nothing_had_happened()
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn();
        using var other = TinyNetworks.Mspn(seed: 2);
        using var stepper = new TrainingStepper(network, new MultiStageLoss());
        stepper.Step(_batch.Images, _batch.Targets, 1e-3);
        stepper.Step(_batch.Images, _batch.Targets, 1e-3);
        using var resumed = new TrainingStepper(other, new MultiStageLoss());
        using (no_grad())
        {
            var source = NetworkWeights.Of(network);
            foreach (var (name, tensor) in NetworkWeights.Of(other))
            {
                tensor.copy_(source[name]);
            }
        }
        var (moments, steps) = stepper.OptimizerState();
        resumed.RestoreOptimizerState(name => moments[name].clone(), steps);
        stepper.Step(_batch.Images, _batch.Targets, 1e-3)
            .Should().Be(resumed.Step(_batch.Images, _batch.Targets, 1e-3));
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(other), TensorBytes.Snapshot(network));
    }

    [Fact]
    public void Stored_moments_of_another_shape_are_refused_even_if_they_could_be_spread()
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new MultiStageLoss());
        stepper.Invoking(s => s.RestoreOptimizerState(_ => ones(1), 1)).Should().Throw<ArgumentException>().WithMessage("Expected 'exp_avg/*given*1*");
    }

    [Fact]
    public void Disposing_twice_is_disposing_once()
    {
        using var network = TinyNetworks.Mspn();
        var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { Replicas = 2 });
        stepper.Dispose();
        stepper.Invoking(s => s.Dispose()).Should().NotThrow();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_outlives_the_scope_in_which_it_was_prepared(bool channelsLast)
    {
        using var network = TinyNetworks.Mspn();
        using (NewDisposeScope())
        {
            using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { ChannelsLast = channelsLast });
            stepper.Step(_batch.Images, _batch.Targets, 1e-3);
        }
        network.eval();
        using var map = network.PredictFinal(_batch.Images);
        map.Final.shape.Should().Equal(SmallRun.BatchSize, 17, 16, 16);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_frees_what_it_makes(bool channelsLast)
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { ChannelsLast = channelsLast });
        LiveTensors.ShouldNotGrowDuring(() => stepper.Step(_batch.Images, _batch.Targets, 1e-3));
    }

    private static Dictionary<string, byte[]> Parameters(MspnNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => p.parameter.Bytes());

    private double[] Losses(int steps, bool channelsLast, double learningRate = 1e-3)
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { ChannelsLast = channelsLast });
        return [.. Enumerable.Range(0, steps).Select(_ => stepper.Step(_batch.Images, _batch.Targets, learningRate))];
    }
}
