using Mspn.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>Parameters laid end to end in their logical order, whatever their memory layout.</summary>
internal sealed class FlatParameters
{
    private readonly (string Name, Parameter Value)[] _parameters;

    /// <param name="parameters">All of a network's; those without gradient are left out.</param>
    public FlatParameters(IEnumerable<(string, Parameter)> parameters)
    {
        _parameters = [.. parameters.Where(p => p.Item2.requires_grad)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("The network has no trainable parameters.", nameof(parameters));
        }
    }

    public IEnumerable<string> Names => _parameters.Select(p => p.Name);

    public void ZeroGradients()
    {
        foreach (var (_, parameter) in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>As many zeros as there are numbers; the caller disposes them.</summary>
    public Tensor Zeros()
    {
        var first = _parameters[0].Value;
        return zeros(_parameters.Sum(p => p.Value.numel()), dtype: first.dtype, device: first.device).DetachFromDisposeScope();
    }

    public Tensor Values() => cat([.. _parameters.Select(p => p.Value.detach().reshape(-1))]);

    public Tensor Gradients() => cat([.. _parameters.Select(p => (p.Value.grad ?? zeros_like(p.Value)).reshape(-1))]);

    /// <summary>One number for each parameter, on every number of it; null if all are 1. The caller disposes it.</summary>
    public Tensor? Factors(Func<string, double> factor)
    {
        if (Names.All(n => factor(n) == 1))
        {
            return null;
        }
        var factors = Zeros();
        using var scope = NewDisposeScope();
        foreach (var (name, slice) in Names.Zip(Slices(factors)))
        {
            using TorchSharp.Scalar value = factor(name);
            slice.fill_(value);
        }
        return factors;
    }

    /// <summary>Adds a flat tensor to the parameters that have a gradient.</summary>
    public void Move(Tensor update)
    {
        foreach (var (parameter, part) in _parameters.Select(p => p.Value).Zip(Slices(update)))
        {
            if (parameter.grad is not null)
            {
                parameter.PlusInPlace(part);
            }
        }
    }

    /// <summary>Overwrites the parameters by a flat tensor.</summary>
    public void Set(Tensor values)
    {
        foreach (var (parameter, part) in _parameters.Select(p => p.Value).Zip(Slices(values)))
        {
            parameter.copy_(part);
        }
    }

    /// <summary>A flat tensor parameter by parameter, as views; the caller's dispose scope owns them.</summary>
    public IEnumerable<Tensor> Slices(Tensor flat)
    {
        var start = 0L;
        foreach (var (_, parameter) in _parameters)
        {
            yield return flat.narrow(0, start, parameter.numel()).view(parameter.shape);
            start += parameter.numel();
        }
    }
}
