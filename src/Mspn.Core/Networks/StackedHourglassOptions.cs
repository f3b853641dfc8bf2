namespace Mspn.Core;

/// <summary>What a stacked Hourglass network is made of. The defaults are two stacks for MPII, as the authors' later code builds them.</summary>
public sealed record StackedHourglassOptions : PoseNetworkOptions
{
    private const int LeastChannels = 2; // half of them are inside residual modules

    /// <summary>Two stacks for MPII's 16 keypoints, 256×256.</summary>
    public StackedHourglassOptions()
    {
        Keypoints = KeypointSchemas.Mpii16;
        InputSize = new ImageSize(256, 256);
    }

    /// <summary>Number of hourglasses, at least 1. Default 2; the paper's best network has 8.</summary>
    public int Stacks { get; init; } = 2;

    /// <summary>Channels everywhere, at least 2. Default 256.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>How often an hourglass halves the resolution, at least 1. Default 4.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Residual modules at each place, at least 1. Default 1.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Channels more on the levels below the first. Default 0.</summary>
    public int Increase { get; init; }

    /// <summary>Channels in the middle of the stem, at least 2: 128 in the authors' later code (default), 256 in bearpaw's.</summary>
    public int StemChannels { get; init; } = 128;

    /// <summary>Whether stages are joined by MSPN's aggregation. Default false, as published.</summary>
    public bool CrossStageAggregation { get; init; }

    /// <summary>Which stages and scales give heat maps to train on. Default: the finest of every stage, as published.</summary>
    public Supervision Supervision { get; init; } = Supervision.EveryStage;

    /// <inheritdoc />
    public override IPoseNetwork Build() => new StackedHourglass(this);

    /// <inheritdoc />
    public override StackedHourglassOptions Validated()
    {
        CheckPositive((nameof(Stacks), Stacks), (nameof(Depth), Depth), (nameof(Blocks), Blocks));
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, LeastChannels);
        ArgumentOutOfRangeException.ThrowIfLessThan(StemChannels, LeastChannels);
        ArgumentOutOfRangeException.ThrowIfLessThan(Increase, 0);
        return this;
    }
}
