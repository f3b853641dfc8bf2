namespace Mspn.Core;

/// <summary>What a SimpleBaseline is made of. The defaults are ResNet-50 with three transposed convolutions, for COCO.</summary>
public sealed record SimpleBaselineOptions : PoseNetworkOptions
{
    /// <summary>What it starts from. Default ResNet-50.</summary>
    public Backbone Backbone { get; init; } = Backbone.ResNet(50);

    /// <summary>Output channels of each transposed convolution, the coarsest first. Default <c>[256, 256, 256]</c>.</summary>
    public IReadOnlyList<int> DeconvolutionChannels { get; init; } = [256, 256, 256];

    /// <summary>Kernel size of each: 2, 3 or 4. Default <c>[4, 4, 4]</c>.</summary>
    public IReadOnlyList<int> DeconvolutionKernels { get; init; } = [4, 4, 4];

    /// <summary>Whether they have biases. Default false.</summary>
    public bool DeconvolutionBias { get; init; }

    /// <summary>Kernel size of the last convolution, 1 or 3. Default 1.</summary>
    public int FinalKernel { get; init; } = 1;

    /// <inheritdoc />
    public override IPoseNetwork Build() => new SimpleBaseline(this);

    /// <inheritdoc />
    public override SimpleBaselineOptions Validated()
    {
        CheckPositive();
        CheckPositive(nameof(DeconvolutionChannels), DeconvolutionChannels);
        CheckPositive(nameof(DeconvolutionKernels), DeconvolutionKernels);
        ArgumentNullException.ThrowIfNull(Backbone, nameof(Backbone));
        Backbone.Validate();
        if (FinalKernel is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(FinalKernel), FinalKernel, "The last convolution has a kernel of 1 or 3.");
        }
        return this;
    }

    internal SingleStageModule CreateStage()
    {
        var encoder = Backbone.CreateEncoder();
        return new SingleStageModule(
            encoder, new DeconvolutionDecoder(encoder.Channels, DeconvolutionChannels, DeconvolutionKernels, DeconvolutionBias));
    }
}
