using System.Runtime.CompilerServices;
using Mspn.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Mixed precision: during a step convolutions and linear layers compute with bfloat16 copies of their weights, while the network keeps its own in
/// single precision and Adam moves those. What happens between two steps (evaluation, checkpoints) never meets the copies.
/// </summary>
/// <remarks>
/// TorchSharp has no autocast. Exchanging the weights of the few kinds of layers that multiply does the same for any module tree; all other layers
/// follow the type of what flows through them, and batch normalisation takes bfloat16 beside parameters and statistics in single precision. bfloat16
/// has the exponents of single precision, so that gradients need no scaling.
/// </remarks>
internal sealed class HalfPrecisionWeights : IDisposable
{
    private readonly Dictionary<Parameter, Exchange> _exchanges = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes the copies, in the weights' memory layout.</summary>
    public HalfPrecisionWeights(nn.Module network)
    {
        foreach (var module in network.modules())
        {
            if (module is Convolution convolution)
            {
                Add(convolution.weight, value => Weight(convolution) = value);
                Add(convolution.bias, value => Bias(convolution) = value);
            }
            else if (module is Linear linear)
            {
                Add(linear.weight, value => Weight(linear) = value);
                Add(linear.bias, value => Bias(linear) = value);
            }
        }
    }

    /// <summary>Refreshes the copies and lets the layers compute with them.</summary>
    public void PutIn()
    {
        using var noGrad = no_grad();
        foreach (var (master, copy, set) in _exchanges.Values)
        {
            copy.copy_(master);
            set(copy);
        }
    }

    /// <summary>Adds the gradients of some of the network's own weights' copies to theirs, in their own type.</summary>
    public void Collect(IEnumerable<Parameter> masters)
    {
        foreach (var master in masters)
        {
            if (_exchanges.GetValueOrDefault(master) is { } exchange)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                if (exchange.Copy.grad is { } gradient)
                {
                    master.grad = master.grad is { } sum ? sum.PlusInPlace(gradient) : gradient.to(master.dtype);
                }
                exchange.Copy.grad = null;
            }
        }
    }

    /// <summary>Lets the layers compute with the network's own weights again; what was not collected is forgotten.</summary>
    public void TakeOut()
    {
        foreach (var (master, copy, set) in _exchanges.Values)
        {
            set(master);
            copy.grad = null;
        }
    }

    /// <summary>The output in single precision, in which losses are computed.</summary>
    public static PoseOutput Widen(PoseOutput output) => new(
        [.. output.Heatmaps.Select(Widen)], output.Extras.ToDictionary(e => e.Key, e => Widen(e.Value), StringComparer.Ordinal));

    public void Dispose()
    {
        foreach (var exchange in _exchanges.Values)
        {
            exchange.Copy.Dispose();
        }
    }

    private static IReadOnlyList<Tensor> Widen(IReadOnlyList<Tensor> tensors) => [.. tensors.Select(t => t.to(ScalarType.Float32))];

    private void Add(Parameter? master, Action<Parameter> set)
    {
        if (master is null)
        {
            return;
        }
        if (_exchanges.TryGetValue(master, out var shared))
        {
            _exchanges[master] = shared with { Set = shared.Set + set };
        }
        else
        {
            using var scope = NewDisposeScope();
            var copy = new Parameter(master.detach().to(ScalarType.BFloat16), master.requires_grad);
            copy.DetachFromDisposeScope();
            _exchanges.Add(master, new Exchange(master, copy, set));
        }
    }

    // The fields, because the properties' setters dispose of the value before and register the new one as the module's parameter.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
    private static extern ref Parameter? Weight(Convolution layer);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bias")]
    private static extern ref Parameter? Bias(Convolution layer);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
    private static extern ref Parameter? Weight(Linear layer);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bias")]
    private static extern ref Parameter? Bias(Linear layer);

    private sealed record Exchange(Parameter Master, Parameter Copy, Action<Parameter> Set);
}
