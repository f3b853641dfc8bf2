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
    private readonly FlatParameters _parameters;
    private readonly Scalar _decay; // held here: a temporary may be collected during the native call
    private readonly Scalar _gain;
    private Tensor? _average;

    public WeightAverage(FlatParameters parameters, double decay)
    {
        Require.Probability(decay);
        _parameters = parameters;
        _decay = decay;
        _gain = 1 - decay;
    }

    /// <summary>The average starts as the weights before the first step.</summary>
    private Tensor Average
    {
        get
        {
            using var noGrad = no_grad();
            return _average ??= _parameters.Values().DetachFromDisposeScope();
        }
    }

    /// <summary>Does a step and takes its result in.</summary>
    public void Follow(Action step)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var average = Average;
        step();
        average.mul_(_decay).add_(_parameters.Values(), alpha: _gain);
    }

    /// <summary>Puts the average into the network, and what was there into the average: twice changes nothing, to the bit.</summary>
    public void Swap()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weights = _parameters.Values();
        _parameters.Set(Average);
        Average.copy_(weights);
    }

    /// <summary>The average parameter by parameter, as views; the caller's dispose scope owns them.</summary>
    public IEnumerable<(string Name, Tensor Value)> Values() => _parameters.Names.Zip(_parameters.Slices(Average));

    public void Dispose() => _average?.Dispose();
}
