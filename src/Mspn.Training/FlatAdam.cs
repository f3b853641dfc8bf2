using Mspn.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with an L2 term, as <c>torch.optim.Adam</c> computes it, but over all parameters laid end to end. TorchSharp's own
/// goes through them one by one, some ten native calls each, which took a fifth of a training step of a small network.
/// </summary>
/// <remarks>The moments are kept in the parameters' logical order, whatever their memory layout.</remarks>
internal sealed class FlatAdam : IDisposable
{
    /// <summary>Decay of the running mean of the gradients.</summary>
    public const double Beta1 = 0.9;

    /// <summary>Decay of the running mean of their squares.</summary>
    public const double Beta2 = 0.999;

    /// <summary>What is added to the root of the squares.</summary>
    public const double Epsilon = 1e-8;

    // Held here: a temporary scalar may be collected during the native call that reads it.
    private static readonly Scalar Decay1 = Beta1;
    private static readonly Scalar Decay2 = Beta2;
    private static readonly Scalar Gain1 = 1 - Beta1;
    private static readonly Scalar Gain2 = 1 - Beta2;
    private static readonly Scalar Offset = Epsilon;
    private static readonly Scalar One = 1;

    private readonly (string Name, Parameter Value)[] _parameters;
    private readonly Scalar _weightDecay;

    public FlatAdam(IEnumerable<(string, Parameter)> parameters, double weightDecay)
    {
        _parameters = [.. parameters.Where(p => p.Item2.requires_grad)];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("The network has no trainable parameters.", nameof(parameters));
        }
        _weightDecay = weightDecay;
        var first = _parameters[0].Value;
        var count = _parameters.Sum(p => p.Value.numel());
        Mean = zeros(count, dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        Square = zeros(count, dtype: first.dtype, device: first.device).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradients (<c>exp_avg</c>), all parameters end to end.</summary>
    public Tensor Mean { get; }

    /// <summary>Running mean of their squares (<c>exp_avg_sq</c>), likewise.</summary>
    public Tensor Square { get; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    public void ZeroGradients()
    {
        foreach (var (_, parameter) in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Moves all parameters that have a gradient.</summary>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Steps++;
        var gradient = cat([.. _parameters.Select(p => (p.Value.grad ?? zeros_like(p.Value)).reshape(-1))]);
        if (_weightDecay.ToDouble() != 0)
        {
            gradient.add_(cat([.. _parameters.Select(p => p.Value.detach().reshape(-1))]), alpha: _weightDecay);
        }
        Mean.mul_(Decay1).add_(gradient, alpha: Gain1);
        Square.mul_(Decay2).addcmul_(gradient, gradient, Gain2);
        using Scalar rate = -learningRate / (1 - Math.Pow(Beta1, Steps));
        using Scalar correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        var denominator = Square.sqrt().div_(correction).add_(Offset, One);
        var update = Mean.div(denominator).mul_(rate);
        foreach (var (parameter, part) in _parameters.Select(p => p.Value).Zip(Slices(update)))
        {
            if (parameter.grad is not null)
            {
                parameter.PlusInPlace(part);
            }
        }
    }

    /// <summary>The moments parameter by parameter, as views into the flat ones; the caller's dispose scope owns the views.</summary>
    public IEnumerable<(string Name, Tensor Mean, Tensor Square)> Moments() =>
        _parameters.Zip(Slices(Mean), Slices(Square)).Select(p => (p.First.Name, p.Second, p.Third));

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }

    private IEnumerable<Tensor> Slices(Tensor flat)
    {
        var start = 0L;
        foreach (var (_, parameter) in _parameters)
        {
            yield return flat.narrow(0, start, parameter.numel()).view(parameter.shape);
            start += parameter.numel();
        }
    }
}
