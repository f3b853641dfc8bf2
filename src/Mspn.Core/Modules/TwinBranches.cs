using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>OpenPose's stage: two stacks of convolutions side by side, one for the affinity fields and one for the heat maps.</summary>
/// <remarks>Input <c>[N, in, h, w]</c>, output <c>[N, 2·Channels, h, w]</c>: the fields' branch first.</remarks>
public sealed class TwinBranches : Module<Tensor, Tensor>
{
    private readonly ConvReluStack fields;
    private readonly ConvReluStack heatmaps;

    /// <summary>Creates the branches.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="channels">Output channels of each convolution of each branch.</param>
    /// <param name="kernels">Kernel size of each, odd.</param>
    public TwinBranches(int inChannels, IReadOnlyList<int> channels, IReadOnlyList<int> kernels)
        : base(nameof(TwinBranches))
    {
        fields = new ConvReluStack(inChannels, channels, kernels);
        heatmaps = new ConvReluStack(inChannels, channels, kernels);
        RegisterComponents();
    }

    /// <summary>Output channels of each branch.</summary>
    public int Channels => fields.OutChannels;

    /// <inheritdoc />
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Primitives.Concatenate([fields.call(input), heatmaps.call(input)]).MoveToOuterDisposeScope();
    }
}
