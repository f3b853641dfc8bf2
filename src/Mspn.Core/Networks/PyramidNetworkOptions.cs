namespace Mspn.Core;

/// <summary>What MSPN and RSN have in common.</summary>
public abstract record PyramidNetworkOptions : PoseNetworkOptions
{
    /// <summary>Number of stages, at least 1. Default 2 for MSPN, 1 for RSN.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>
    /// Blocks per level, finest first; each further level halves the resolution and doubles the channels. Default <c>[3, 4, 6, 3]</c> for MSPN,
    /// <c>[2, 2, 2, 2]</c> for RSN.
    /// </summary>
    public IReadOnlyList<int> BlocksPerLevel { get; init; } = [2, 2, 2, 2];

    /// <summary>Channels of the stem and width of the first level. Default 64.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>Channels of the up-sampling half. Default 256.</summary>
    public int UpsampleChannels { get; init; } = 256;

    /// <summary>Whether stages are joined by <see cref="Mspn.Core.CrossStageAggregation"/>. Default true.</summary>
    public bool CrossStageAggregation { get; init; } = true;

    /// <summary>Which stages and scales give heat maps to train on. Default: all.</summary>
    public Supervision Supervision { get; init; }

    /// <summary>
    /// Whether convolutions have biases in front of batch normalisation. They change nothing the network can express; the official code
    /// has them (true, the default), mmpose does not.
    /// </summary>
    public bool ConvolutionBias { get; init; } = true;

    /// <summary>Whether a <see cref="PoseRefineMachine"/> follows every head of heat maps. Default false. RSN's idea; mmpose allows it for MSPN too.</summary>
    public bool RefineMachine { get; init; }

    /// <summary>A stage's encoder.</summary>
    internal abstract StageEncoder CreateEncoder();

    /// <summary>A head of heat maps, or of the extra that the place is for.</summary>
    internal PoseHead CreateHead(HeadPlace place)
    {
        if (place.Extra is not null)
        {
            return new ConvolutionHead(place.Channels, place.Maps);
        }
        var head = new HeatmapHead(place.Channels, place.Maps, ConvolutionBias);
        return RefineMachine ? new PoseRefineMachine(head, place.Maps, ConvolutionBias) : head;
    }

    /// <summary>Checks what both have.</summary>
    private protected void CheckPyramid()
    {
        CheckPositive((nameof(Stages), Stages), (nameof(BaseChannels), BaseChannels), (nameof(UpsampleChannels), UpsampleChannels));
        CheckPositive(nameof(BlocksPerLevel), BlocksPerLevel);
    }
}
