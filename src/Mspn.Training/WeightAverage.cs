using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Exponential moving average of the trained weights (Polyak averaging with a decay): after every step <c>average = decay · average + (1 − decay) · weights</c>.
/// Buffers, such as the normalisations' statistics, are the network's own.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly IReadOnlyList<TrainedParameter> _parameters;
    private readonly Scalar _decay; // held here: a temporary may be collected during the native call
    private readonly Scalar _gain;
    private Tensor[]? _average;

    public WeightAverage(IReadOnlyList<TrainedParameter> parameters, double decay)
    {
        Require.Probability(decay);
        _parameters = parameters;
        _decay = decay;
        _gain = 1 - decay;
    }

    // Starts as the weights before the first step.
    private Tensor[] Average
    {
        get
        {
            using var scope = NewDisposeScope();
            return _average ??= [.. _parameters.Select(p => p.Value.detach().clone().DetachFromDisposeScope())];
        }
    }

    /// <summary>To be called before the first step.</summary>
    public void Begin() => _ = Average;

    /// <summary>Takes in the weights after a step.</summary>
    public void Follow()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (average, parameter) in Average.Zip(_parameters))
        {
            average.mul_(_decay).add_(parameter.Value, alpha: _gain);
        }
    }

    /// <summary>Puts the average into the network, and what was there into the average: twice changes nothing, to the bit.</summary>
    public void Swap()
    {
        using var noGrad = no_grad();
        foreach (var (average, parameter) in Average.Zip(_parameters))
        {
            using var scope = NewDisposeScope();
            var weight = parameter.Value.detach().clone();
            parameter.Value.copy_(average);
            average.copy_(weight);
        }
    }

    /// <summary>The average parameter by parameter, as views; the caller's dispose scope owns them.</summary>
    public IEnumerable<(string Name, Tensor Value)> Values() => _parameters.Zip(Average).Select(p => (p.First.Name, p.Second.alias()));

    public void Dispose()
    {
        foreach (var average in _average ?? [])
        {
            average.Dispose();
        }
    }
}
