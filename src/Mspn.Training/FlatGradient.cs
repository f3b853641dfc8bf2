using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>The mean gradient of the batches of a step, all parameters end to end.</summary>
internal sealed class FlatGradient(FlatParameters parameters) : IDisposable
{
    // What torch.nn.utils.clip_grad_norm_ adds to the norm.
    private const double ClipOffset = 1e-6;

    private Tensor? _mean;
    private long _people;

    /// <summary>Takes the parameters' gradients of one more batch, which weighs as many people as it has.</summary>
    public void Add(long people)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradient = parameters.Gradients();
        _people += people;
        if (_mean is null)
        {
            _mean = gradient.DetachFromDisposeScope();
            return;
        }
        using Scalar kept = 1 - (double)people / _people;
        using Scalar share = (double)people / _people;
        _mean.mul_(kept).add_(gradient, alpha: share);
    }

    /// <summary>Makes the gradient no longer than a norm, as <c>torch.nn.utils.clip_grad_norm_</c> does.</summary>
    /// <returns>Its norm before.</returns>
    public double Clip(double norm)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var length = Mean.norm().to(ScalarType.Float64).item<double>();
        var factor = norm / (length + ClipOffset);
        if (!(factor >= 1))
        {
            using Scalar scale = factor;
            Mean.mul_(scale);
        }
        return length;
    }

    /// <summary>The mean of all batches since the last <see cref="Clear"/>.</summary>
    public Tensor Mean => _mean ?? throw new InvalidOperationException("There is no gradient yet.");

    public void Clear()
    {
        _mean?.Dispose();
        (_mean, _people) = (null, 0);
    }

    public void Dispose() => Clear();
}
