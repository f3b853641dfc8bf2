using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// VGG's building block (Simonyan and Zisserman 2015): convolutions that keep the size, each followed by a ReLU, without normalisation;
/// a 2×2 max pooling before them if wanted.
/// </summary>
/// <remarks>Input <c>[N, in, h, w]</c>, output <c>[N, OutChannels, h, w]</c>, or <c>⌊h/2⌋ × ⌊w/2⌋</c> with pooling.</remarks>
public sealed class ConvReluStack : Module<Tensor, Tensor>
{
    private readonly ModuleList<Conv2d> convs;
    private readonly MaxPool2d? pool;

    /// <summary>Creates the layers.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="channels">Output channels of each convolution; may be empty together with pooling.</param>
    /// <param name="kernels">Kernel size of each convolution, odd; null for 3 everywhere.</param>
    /// <param name="pool">Whether a 2×2 max pooling comes first. Default false.</param>
    /// <exception cref="ArgumentException">There is nothing to compute, or not one kernel for each convolution.</exception>
    public ConvReluStack(int inChannels, IReadOnlyList<int> channels, IReadOnlyList<int>? kernels = null, bool pool = false)
        : base(nameof(ConvReluStack))
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0 && !pool)
        {
            throw new ArgumentException("Without a pooling at least one convolution is needed.", nameof(channels));
        }
        if (kernels is not null && kernels.Count != channels.Count)
        {
            throw new ArgumentException($"{channels.Count} convolutions need as many kernels, not [{string.Join(", ", kernels)}].", nameof(kernels));
        }
        OutChannels = channels.Count == 0 ? inChannels : channels[^1];
        this.pool = pool ? MaxPool2d(2, 2) : null;
        convs = new ModuleList<Conv2d>([.. channels.Select(
            (count, i) => Layers.Convolution(i == 0 ? inChannels : channels[i - 1], count, kernels?[i] ?? 3))]);
        RegisterComponents();
        foreach (var conv in convs)
        {
            // Without normalisation the default initialisation would fade out on the way through so many layers.
            Layers.FillHeNormal(conv.weight);
            Layers.FillZeros(conv.bias);
        }
    }

    /// <summary>Output channels.</summary>
    public int OutChannels { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = pool is null ? input : pool.call(input);
        foreach (var conv in convs)
        {
            x = conv.call(x).ReluInPlace();
        }
        return x.MoveToOuterDisposeScope();
    }
}
