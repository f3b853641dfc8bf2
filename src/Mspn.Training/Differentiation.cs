using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>Loss and gradients of a batch, in whichever way the options ask for.</summary>
internal sealed class Differentiation : IDisposable
{
    private readonly IPoseNetwork _network;
    private readonly IPoseLoss _loss;
    private readonly TrainingStepOptions _options;
    private readonly TrainedParameter[] _parameters;
    private readonly nn.Module[] _frozenStatistics;
    private readonly HalfPrecisionWeights? _half;

    public Differentiation(
        IPoseNetwork network, IPoseLoss loss, TrainingStepOptions options, TrainedParameter[] parameters, nn.Module[] frozenStatistics)
    {
        _network = network;
        _loss = loss;
        _options = options;
        _parameters = parameters;
        _frozenStatistics = frozenStatistics;
        _half = options.BFloat16 ? new HalfPrecisionWeights(network.Module) : null;
    }

    /// <summary>Computes the loss and, if it is finite, adds its gradients to the parameters'.</summary>
    /// <param name="images">The images, in rows.</param>
    /// <param name="targets">What should be predicted for them.</param>
    /// <param name="weight">What the gradients are multiplied by.</param>
    /// <param name="completed">
    /// With <see cref="TrainingStepOptions.Recompute"/>: told about parameters as soon as their gradients are complete and it may do with both as it likes. At the
    /// end it is told about all, of which those outside of the network's blocks still have a gradient.
    /// </param>
    /// <returns>The loss, without the weight.</returns>
    public double Run(Tensor images, PoseTargets targets, double weight = 1, Action<IReadOnlyList<Parameter>>? completed = null)
    {
        using var scope = NewDisposeScope();
        _network.Module.train();
        foreach (var module in _frozenStatistics)
        {
            module.eval();
        }
        using var recomputation = _options.Recompute ? new Recomputation() : null;
        _half?.PutIn();
        try
        {
            (images, targets) = OnDeviceOfNetwork(images, targets);
            var input = _options.ChannelsLast ? MemoryOrder.ChannelsLast(images) : images;
            var output = _network.Predict(_half is null ? input : input.to(ScalarType.BFloat16));
            var loss = _loss.Compute(_half is null ? output : HalfPrecisionWeights.Widen(output), targets);
            var value = loss.to(ScalarType.Float64).item<double>();
            if (double.IsFinite(value))
            {
                Backward(loss, weight, recomputation, completed);
            }
            return value;
        }
        finally
        {
            _half?.TakeOut();
        }
    }

    public void Dispose() => _half?.Dispose();

    // Loaders make batches for CPUs.
    private (Tensor Images, PoseTargets Targets) OnDeviceOfNetwork(Tensor images, PoseTargets targets)
    {
        var device = _parameters[0].Value.device;
        return images.device.type == device.type && images.device.index == device.index ? (images, targets) : (images.to(device), targets.Select(tensor => tensor.to(device)));
    }

    private void Backward(Tensor loss, double weight, Recomputation? recomputation, Action<IReadOnlyList<Parameter>>? completed)
    {
        using Scalar factor = weight;
        var weighted = weight == 1 ? loss : loss.mul(factor);
        if (recomputation is null)
        {
            weighted.backward();
        }
        else
        {
            recomputation.Backward(weighted, Complete);
        }
        _half?.Collect(_parameters.Select(p => p.Value));
        completed?.Invoke([.. _parameters.Select(p => p.Value)]); // those outside of all segments

        void Complete(IReadOnlyList<Parameter> parameters)
        {
            if (completed is not null)
            {
                _half?.Collect(parameters);
                completed(parameters);
            }
            NativeMemory.ReturnFreed();
        }
    }
}
