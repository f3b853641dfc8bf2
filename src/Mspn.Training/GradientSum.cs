using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// The batches of a step. Their gradients add up where torch puts them, in the parameters' <c>grad</c>, so that there is no other copy of the network's size;
/// what is here is how much each batch weighs, and by what the sum is to be multiplied.
/// </summary>
internal sealed class GradientSum(IReadOnlyList<TrainedParameter> parameters)
{
    // What torch.nn.utils.clip_grad_norm_ adds to the norm.
    private const double ClipOffset = 1e-6;

    private long _first;
    private long _people;
    private double _clip = 1;

    /// <summary>Whether there was no batch since the last <see cref="Clear"/>.</summary>
    public bool IsEmpty => _people == 0;

    /// <summary>What the sum is multiplied by to be the mean gradient over all people, made shorter if it was clipped.</summary>
    public double Factor => IsEmpty ? throw new InvalidOperationException("There is no gradient yet.") : _clip * _first / _people;

    /// <summary>What a batch's loss is multiplied by before it is differentiated: 1 for the first, which usually is the only one.</summary>
    /// <param name="people">As many as it has; it weighs so much.</param>
    public double Weight(long people) => IsEmpty ? 1 : (double)people / _first;

    /// <summary>Counts a batch whose gradients were added.</summary>
    public void Add(long people)
    {
        _first = IsEmpty ? people : _first;
        _people += people;
    }

    /// <summary>Makes the gradient no longer than a norm, as <c>torch.nn.utils.clip_grad_norm_</c> does.</summary>
    /// <returns>Its norm before.</returns>
    public double Clip(double norm)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var lengths = parameters.Select(p => p.Value.grad).OfType<Tensor>().Select(g => g.norm().to(ScalarType.Float64)).ToArray();
        var length = Factor * (lengths.Length == 0 ? 0 : stack(lengths).norm().item<double>());
        var factor = norm / (length + ClipOffset);
        _clip = factor >= 1 ? 1 : factor; // not a number stays one, so that it is noticed
        return length;
    }

    /// <summary>Forgets all batches and frees the gradients.</summary>
    public void Clear()
    {
        foreach (var parameter in parameters)
        {
            parameter.ForgetGradient();
        }
        (_first, _people, _clip) = (0, 0, 1);
    }
}
