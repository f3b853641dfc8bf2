namespace Mspn.Core;

/// <summary>What an RSN is made of. The defaults are the official RSN-18 for COCO.</summary>
public sealed record ResidualStepsOptions : PyramidNetworkOptions
{
    /// <summary>Branches of each residual-steps block, at least 2. Default 4.</summary>
    public int Branches { get; init; } = 4;

    /// <summary>Channels of each branch for every <see cref="PyramidNetworkOptions.BaseChannels"/> input channels of a block. Default 26.</summary>
    public int BranchChannels { get; init; } = 26;

    /// <inheritdoc />
    public override IPoseNetwork Build() => new ResidualStepsNetwork(this);

    /// <inheritdoc />
    public override ResidualStepsOptions Validated()
    {
        CheckPyramid();
        CheckPositive((nameof(BranchChannels), BranchChannels));
        ArgumentOutOfRangeException.ThrowIfLessThan(Branches, 2);
        return this;
    }

    internal override StageEncoder CreateEncoder() =>
        StageEncoder.ResidualSteps(BlocksPerLevel, BaseChannels, Branches, BranchChannels, ConvolutionBias);
}
