using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with an L2 term, as <c>torch.optim.Adam</c> computes it, but over all parameters laid end to end. TorchSharp's own
/// goes through them one by one, some ten native calls each, which took a fifth of a training step of a small network.
/// </summary>
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

    private readonly FlatParameters _parameters;
    private readonly Scalar _weightDecay;
    private readonly Tensor? _factors;

    /// <param name="parameters">What is trained.</param>
    /// <param name="weightDecay">The L2 term.</param>
    /// <param name="factor">Factor on the learning rate of each parameter. Default: 1 for all.</param>
    public FlatAdam(FlatParameters parameters, double weightDecay, Func<string, double>? factor = null)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        _factors = factor is null ? null : parameters.Factors(factor);
        Mean = parameters.Zeros();
        Square = parameters.Zeros();
    }

    /// <summary>Running mean of the gradients (<c>exp_avg</c>), all parameters end to end.</summary>
    public Tensor Mean { get; }

    /// <summary>Running mean of their squares (<c>exp_avg_sq</c>), likewise.</summary>
    public Tensor Square { get; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Moves all parameters that have a gradient.</summary>
    /// <param name="gradient">The gradient, end to end; it is overwritten.</param>
    /// <param name="learningRate">The rate.</param>
    public void Step(Tensor gradient, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Steps++;
        if (_weightDecay.ToDouble() != 0)
        {
            gradient.add_(_parameters.Values(), alpha: _weightDecay);
        }
        Mean.mul_(Decay1).add_(gradient, alpha: Gain1);
        Square.mul_(Decay2).addcmul_(gradient, gradient, Gain2);
        using Scalar rate = -learningRate / (1 - Math.Pow(Beta1, Steps));
        using Scalar correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        var denominator = Square.sqrt().div_(correction).add_(Offset, One);
        var update = Mean.div(denominator).mul_(rate);
        if (_factors is not null)
        {
            update.mul_(_factors);
        }
        _parameters.Move(update);
    }

    /// <summary>The moments parameter by parameter, as views into the flat ones; the caller's dispose scope owns the views.</summary>
    public IEnumerable<(string Name, Tensor Mean, Tensor Square)> Moments() =>
        _parameters.Names.Zip(_parameters.Slices(Mean), _parameters.Slices(Square));

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
        _factors?.Dispose();
    }
}
