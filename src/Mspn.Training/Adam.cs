using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>Adam (Kingma and Ba 2015) with an L2 term, as <c>torch.optim.Adam</c> computes it.</summary>
/// <remarks>
/// TorchSharp's own makes some ten native calls for each parameter, which took a fifth of a training step of a small network, and intermediate results that take
/// long to come and go for a large one. Here a step passes once through the memory of weights, gradients and moments (<see cref="AdamKernel"/>).
/// </remarks>
internal sealed class Adam : IDisposable
{
    /// <summary>Decay of the running mean of the gradients.</summary>
    public const double Beta1 = 0.9;

    /// <summary>Decay of the running mean of their squares.</summary>
    public const double Beta2 = 0.999;

    /// <summary>What is added to the root of the squares.</summary>
    public const double Epsilon = 1e-8;

    private readonly double _weightDecay;
    private readonly Dictionary<Tensor, Slot> _slots = new(ReferenceEqualityComparer.Instance);
    private AdamNumbers _numbers;

    public Adam(IEnumerable<TrainedParameter> parameters, double weightDecay)
    {
        _weightDecay = weightDecay;
        using var noGrad = no_grad();
        foreach (var parameter in parameters)
        {
            // Not in a flat tensor: laid out as the parameters are, so that memory can be passed in its order.
            _slots.Add(parameter.Value, new Slot(
                parameter, zeros_like(parameter.Value).DetachFromDisposeScope(), zeros_like(parameter.Value).DetachFromDisposeScope()));
        }
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>The moments parameter by parameter: running means of the gradients (<c>exp_avg</c>) and of their squares (<c>exp_avg_sq</c>).</summary>
    /// <remarks>They are views; the caller's dispose scope owns them.</remarks>
    public IEnumerable<(string Name, Tensor Mean, Tensor Square)> Moments() =>
        _slots.Values.Select(s => (s.Parameter.Name, s.Mean.alias(), s.Square.alias()));

    /// <summary>Begins a step, in which each parameter is moved once.</summary>
    /// <param name="learningRate">The rate.</param>
    /// <param name="gradientFactor">What gradients are multiplied by first.</param>
    public void Begin(double learningRate, double gradientFactor)
    {
        Steps++;
        _numbers = new AdamNumbers(-learningRate / (1 - Math.Pow(Beta1, Steps)), Math.Sqrt(1 - Math.Pow(Beta2, Steps)), gradientFactor, _weightDecay);
    }

    /// <summary>Moves those of some parameters that have a gradient.</summary>
    public void Move(IEnumerable<Tensor> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var fast = new List<AdamMove>();
        foreach (var slot in parameters.Where(_slots.ContainsKey).Select(p => _slots[p]))
        {
            if (slot.Parameter.Value.grad is not { } gradient)
            {
                continue;
            }
            var move = new AdamMove(
                slot.Parameter.Value, gradient, slot.Mean, slot.Square, _numbers with { Rate = _numbers.Rate * slot.Parameter.Factor });
            if (AdamKernel.Takes(move))
            {
                fast.Add(move);
            }
            else
            {
                move.WithTensors();
            }
        }
        AdamKernel.Run(fast, get_num_threads());
    }

    public void Dispose()
    {
        foreach (var slot in _slots.Values)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private sealed record Slot(TrainedParameter Parameter, Tensor Mean, Tensor Square);
}
