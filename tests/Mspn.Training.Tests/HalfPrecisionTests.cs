using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public sealed class HalfPrecisionTests : IDisposable
{
    private readonly OneThread _thread = new();

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose() => _thread.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Losses_follow_those_of_single_precision(string name)
    {
        using var scope = NewDisposeScope();
        var single = Losses(name, bfloat16: false);
        var half = Losses(name, bfloat16: true);
        half.Should().OnlyContain(loss => double.IsFinite(loss));
        // bfloat16 has 8 significant bits, and Adam's first steps make whole steps of rounding differences.
        half[0].Should().BeApproximately(single[0], 0.02 * single[0]);
        half[^1].Should().BeApproximately(single[^1], 0.15 * single[^1]);
    }

    [Fact]
    public void Heat_maps_are_computed_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        Losses("mspn", bfloat16: true)[0].Should().NotBe(Losses("mspn", bfloat16: false)[0]);
    }

    [Fact]
    public void The_network_stays_in_single_precision_and_keeps_its_parameters()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { ChannelsLast = true, BFloat16 = true });
        var parameters = network.named_parameters().ToArray();
        var before = parameters.ToDictionary(p => p.name, p => p.parameter.Bytes());
        stepper.Accumulate(rand(2, 3, 64, 64), EveryMapLoss.Targets(network, 2));
        parameters.Should().OnlyContain(p => p.parameter.grad!.dtype == ScalarType.Float32);
        stepper.Step(1e-2);
        network.named_parameters().Select(p => p.parameter).Should().Equal(parameters.Select(p => p.parameter), ReferenceEquals);
        NetworkWeights.Of(network).Where(p => p.Value.is_floating_point()).Should().OnlyContain(p => p.Value.dtype == ScalarType.Float32);
        parameters.Should().OnlyContain(p => !p.parameter.Bytes().SequenceEqual(before[p.name]));
        network.eval();
        network.PredictFinal(rand(1, 3, 64, 64)).Final.dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void A_step_that_fails_leaves_the_network_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { BFloat16 = true });
        stepper.Invoking(s => s.Step(rand(2, 3, 16, 16), EveryMapLoss.Targets(network, 2), 1e-2)).Should().Throw<ArgumentException>();
        network.eval();
        network.PredictFinal(rand(1, 3, 64, 64)).Final.dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void A_small_change_of_a_weight_is_not_rounded_away()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { BFloat16 = true });
        var weight = network.get_parameter("stem.conv.conv.weight")!;
        var before = weight.Floats();
        stepper.Step(rand(2, 3, 64, 64), EveryMapLoss.Targets(network, 2), 1e-6);
        // Adam's first step is the learning rate in every weight, far below a unit in the last place of bfloat16.
        weight.Floats().Zip(before, (a, b) => Math.Abs(a - b)).Average().Should().BeApproximately(1e-6f, 1e-7f);
    }

    [Fact]
    public void A_step_frees_what_it_makes()
    {
        using var scope = NewDisposeScope();
        var network = TinyNetworks.Mspn();
        var images = rand(2, 3, 64, 64);
        var targets = EveryMapLoss.Targets(network, 2);
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { BFloat16 = true });
        LiveTensors.ShouldNotGrowDuring(() => stepper.Step(images, targets, 1e-3));
    }

    [Fact]
    public void Only_networks_in_single_precision_are_taken()
    {
        using var network = TinyNetworks.Mspn();
        network.to(ScalarType.Float64);
        FluentActions.Invoking(() => new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { BFloat16 = true })).Should().Throw<ArgumentException>();
    }

    private static double[] Losses(string name, bool bfloat16)
    {
        using var network = TinyNetworks.Build(name);
        using var stepper = new TrainingStepper(network, new EveryMapLoss(), new TrainingStepOptions { ChannelsLast = bfloat16, BFloat16 = bfloat16 });
        torch.manual_seed(2);
        var images = rand(4, 3, network.InputSize.Height, network.InputSize.Width);
        var targets = EveryMapLoss.Targets(network, 4);
        return [.. Enumerable.Range(0, 3).Select(_ => stepper.Step(images, targets, 1e-3))];
    }
}
