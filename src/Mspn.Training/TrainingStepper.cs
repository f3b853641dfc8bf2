using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>One optimiser step after another: forward, loss, backward, Adam. What a <see cref="Trainer"/> repeats.</summary>
/// <remarks>Not thread-safe. It owns the optimiser, not the network. All tensors of a step are freed when it ends.</remarks>
public sealed class TrainingStepper : IDisposable
{
    private readonly IPoseNetwork _network;
    private readonly IPoseLoss _loss;
    private readonly bool _channelsLast;
    private readonly FlatAdam _optimizer;

    /// <summary>Prepares a network for training.</summary>
    /// <param name="network">The network; its parameters are trained in place.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="weightDecay">Adam's L2 term. Default 1e-5, as in the official code.</param>
    /// <param name="channelsLast">
    /// Whether weights and images are laid out channels-last, which is faster on CPUs; results agree to rounding. Default false.
    /// </param>
    public TrainingStepper(IPoseNetwork network, IPoseLoss loss, double weightDecay = 1e-5, bool channelsLast = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        _network = network;
        _loss = loss;
        _channelsLast = channelsLast;
        if (channelsLast)
        {
            MemoryLayout.ToChannelsLast(network.Module);
        }
        _optimizer = new FlatAdam(network.Module.named_parameters(), weightDecay);
    }

    /// <summary>The network that is trained.</summary>
    internal nn.Module Module => _network.Module;

    /// <summary>Does one step.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, of the network's type.</param>
    /// <param name="targets">What the network should predict for them.</param>
    /// <param name="learningRate">The rate.</param>
    /// <returns>The loss before the step. If it is not finite, the weights were left as they are.</returns>
    public double Step(Tensor images, PoseTargets targets, double learningRate)
    {
        using var scope = NewDisposeScope();
        _network.Module.train();
        _optimizer.ZeroGradients();
        using var output = _network.Predict(_channelsLast ? MemoryLayout.ToChannelsLast(images) : images);
        using var loss = _loss.Compute(output, targets);
        var value = loss.to(ScalarType.Float64).item<double>();
        if (double.IsFinite(value))
        {
            loss.backward();
            _optimizer.Step(learningRate);
        }
        return value;
    }

    /// <summary>Adam's moments by parameter, under <c>exp_avg/NAME</c> and <c>exp_avg_sq/NAME</c>, and the number of steps.</summary>
    /// <remarks>The tensors are views of the live moments; they belong to the caller's dispose scope.</remarks>
    public (IReadOnlyDictionary<string, Tensor> Moments, long Steps) OptimizerState()
    {
        var moments = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, mean, square) in _optimizer.Moments())
        {
            moments["exp_avg/" + name] = mean;
            moments["exp_avg_sq/" + name] = square;
        }
        return (moments, _optimizer.Steps);
    }

    /// <summary>Overwrites Adam's moments.</summary>
    /// <param name="read">Gives the stored tensor for each name of <see cref="OptimizerState"/>; it is disposed here.</param>
    /// <param name="steps">The number of steps that they have seen.</param>
    public void RestoreOptimizerState(Func<string, Tensor> read, long steps)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, mean, square) in _optimizer.Moments())
        {
            mean.copy_(read("exp_avg/" + name));
            square.copy_(read("exp_avg_sq/" + name));
        }
        _optimizer.Steps = steps;
    }

    /// <inheritdoc />
    public void Dispose() => _optimizer.Dispose();
}
