using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>A copy of a network that has the network's own weights, but gradients and statistics of normalisation for itself.</summary>
internal sealed class Replica : IDisposable
{
    private readonly IPoseNetwork _network;
    private readonly Differentiation _differentiation;
    private readonly (Parameter Original, Parameter Copy)[] _parameters;

    /// <summary>Copies a network.</summary>
    /// <param name="original">The network, in its final memory layout, with frozen parameters marked.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">What a step does.</param>
    /// <param name="parameters">The network's trained parameters.</param>
    /// <param name="frozenStatistics">Names of modules that keep their statistics, and therefore share the network's.</param>
    /// <exception cref="ArgumentException">Only its own code can build the network.</exception>
    public Replica(
        IPoseNetwork original, IPoseLoss loss, TrainingStepOptions options, IReadOnlyList<TrainedParameter> parameters, IReadOnlySet<string> frozenStatistics)
    {
        var built = original.Options ?? throw new ArgumentException(
            $"{nameof(options.Replicas)} needs a network that can be built again: {original.GetType().Name} has no {nameof(IPoseNetwork.Options)}.", nameof(original));
        _network = (built with { Keypoints = original.Keypoints }).BuildWithoutValues();
        try
        {
            _parameters = ShareWeights(original, parameters, frozenStatistics);
            _differentiation = new Differentiation(
                _network, loss, options, [.. parameters.Zip(_parameters, (p, shared) => new TrainedParameter(p.Name, shared.Copy, p.Factor))],
                [.. _network.Module.named_modules().Where(m => frozenStatistics.Contains(m.name)).Select(m => m.module)]);
        }
        catch
        {
            _network.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Differentiation.Run" />
    public double Run(Tensor images, PoseTargets targets, double weight) => _differentiation.Run(images, targets, weight);

    /// <summary>Adds the gradients to the network's and forgets them here.</summary>
    public void MoveGradients()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (original, copy) in _parameters)
        {
            if (copy.grad is not { } gradient)
            {
                continue;
            }
            if (original.grad is { } sum)
            {
                sum.PlusInPlace(gradient);
            }
            else
            {
                original.grad = gradient;
            }
            copy.grad = null;
        }
    }

    /// <summary>Forgets the gradients.</summary>
    public void ForgetGradients()
    {
        foreach (var (_, copy) in _parameters)
        {
            copy.grad = null;
        }
    }

    public void Dispose()
    {
        _differentiation.Dispose();
        _network.Dispose();
    }

    private (Parameter Original, Parameter Copy)[] ShareWeights(
        IPoseNetwork original, IReadOnlyList<TrainedParameter> parameters, IReadOnlySet<string> frozenStatistics)
    {
        var first = parameters[0].Value;
        if (first.dtype != ScalarType.Float32 || first.device_type != DeviceType.CPU)
        {
            _network.Module.to(first.dtype).to(first.device);
        }
        using var noGrad = no_grad();
        var copies = _network.Module.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in original.Module.named_parameters())
        {
            copies[name].requires_grad = parameter.requires_grad;
            Share(copies[name], parameter);
        }
        var buffers = _network.Module.named_buffers().ToDictionary(b => b.name, b => b.buffer, StringComparer.Ordinal);
        foreach (var (name, buffer) in original.Module.named_buffers().Where(b => frozenStatistics.Contains(b.name[..Math.Max(0, b.name.LastIndexOf('.'))])))
        {
            Share(buffers[name], buffer);
        }
        return [.. parameters.Select(p => (p.Value, copies[p.Name]))];
    }

    private static void Share(Tensor copy, Tensor original)
    {
        using var values = original.detach();
        copy.set_(values); // which gives the copy itself
    }
}
