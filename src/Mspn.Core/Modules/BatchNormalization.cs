using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>Batch normalisation over <c>[N, C, H, W]</c> or <c>[N, C]</c> with PyTorch's defaults (momentum 0.1, epsilon 1e-5) and state-dict names.</summary>
/// <remarks>
/// TorchSharp's own module counts batches with temporary <see cref="Scalar"/> objects that nothing keeps alive during the native call. With a
/// busy data loader beside it, training runs ended after a few hundred steps because the counter's factor was read from freed memory
/// ("argument alpha must not be a floating point number").
/// </remarks>
public sealed class BatchNormalization : Module<Tensor, Tensor>
{
    private const double Momentum = 0.1;
    internal const double Epsilon = 1e-5;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Tensor running_mean;
    private readonly Tensor running_var;
    private readonly Tensor num_batches_tracked;

    /// <summary>Creates a normalisation that starts as the identity.</summary>
    /// <param name="channels">Number of channels.</param>
    public BatchNormalization(int channels)
        : base(nameof(BatchNormalization))
    {
        // Made by hand, so that a caller's dispose scope does not take them.
        weight = new Parameter(ones(channels));
        bias = new Parameter(zeros(channels));
        weight.DetachFromDisposeScope();
        bias.DetachFromDisposeScope();
        running_mean = zeros(channels).DetachFromDisposeScope();
        running_var = ones(channels).DetachFromDisposeScope();
        num_batches_tracked = zeros([], ScalarType.Int64).DetachFromDisposeScope();
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (training)
        {
            if (input.numel() == input.shape[1])
            {
                // Native code would silently make the running variance not a number.
                throw new ArgumentException(
                    $"Training needs more than one value per channel, given [{string.Join(", ", input.shape)}]: use larger batches or images.", nameof(input));
            }
            if (!Recomputation.IsAgain)
            {
                get_buffer(nameof(num_batches_tracked))!.IncrementInPlace();
            }
        }
        var counts = !(training && Recomputation.IsAgain);
        return functional.batch_norm(
            input, counts ? get_buffer(nameof(running_mean)) : null, counts ? get_buffer(nameof(running_var)) : null, get_parameter(nameof(weight)),
            get_parameter(nameof(bias)), training, Momentum, Epsilon);
    }
}
