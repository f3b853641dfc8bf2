using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>What must hold for every network that exists, in every variant, when it is trained.</summary>
public sealed class EveryNetworkTests : IDisposable
{
    private const int Steps = 10;

    private readonly OneThread _thread = new();

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose() => _thread.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_loss_over_all_outputs_reaches_every_trainable_parameter(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        network.Module.train();
        var output = network.Predict(rand(2, 3, network.InputSize.Height, network.InputSize.Width));
        new EveryMapLoss().Compute(output, EveryMapLoss.Targets(network, 2)).backward();
        network.Module.named_parameters().Where(p => p.parameter.grad is null).Select(p => p.name).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_steps_overfit_one_batch(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        using var stepper = new TrainingStepper(network, new EveryMapLoss());
        torch.manual_seed(2);
        var images = rand(4, 3, network.InputSize.Height, network.InputSize.Width);
        var targets = EveryMapLoss.Targets(network, 4);
        var losses = Enumerable.Range(0, Steps).Select(_ => stepper.Step(images, targets, 1e-2)).ToArray();
        losses.Should().OnlyContain(loss => double.IsFinite(loss));
        // The slowest, OpenPose without normalisation, comes down to 0.73 and 0.76 of the first loss; the others well below 0.7.
        losses[^1].Should().BeLessThan(0.8 * losses[0], string.Join(' ', losses.Select(l => l.ToString("0.000", null))));
    }
}
