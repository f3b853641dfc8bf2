namespace Mspn.Core;

/// <summary>What an MSPN is made of. The defaults are the official two-stage COCO network (56.9 M parameters).</summary>
public sealed record MspnOptions
{
    /// <summary>Number of stages, at least 1. Default 2.</summary>
    public int Stages { get; init; } = 2;

    /// <summary>What the heat maps stand for. Default <see cref="KeypointSchemas.Coco17"/>.</summary>
    public KeypointSchema Keypoints { get; init; } = KeypointSchemas.Coco17;

    /// <summary>Height and width of the crops, multiples of 4 and at least 32. Default 256×192.</summary>
    public ImageSize InputSize { get; init; } = new(256, 192);

    /// <summary>Bottlenecks per level, finest first; each further level halves the resolution and doubles the channels. Default <c>[3, 4, 6, 3]</c> (ResNet-50).</summary>
    public IReadOnlyList<int> BlocksPerLevel { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the stem and inner channels of the first level. Default 64.</summary>
    public int BaseChannels { get; init; } = 64;

    /// <summary>Channels of the up-sampling half. Default 256.</summary>
    public int UpsampleChannels { get; init; } = 256;

    /// <summary>Whether stages are joined by <see cref="CrossStageAggregation"/>. Default true.</summary>
    public bool CrossStageAggregation { get; init; } = true;

    /// <summary>
    /// Whether convolutions have biases in front of batch normalisation. They change nothing the network can express; the official code
    /// has them (true, the default), mmpose does not.
    /// </summary>
    public bool ConvolutionBias { get; init; } = true;

    /// <summary>Checks the values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public MspnOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Stages, 1, nameof(Stages));
        ArgumentOutOfRangeException.ThrowIfLessThan(BaseChannels, 1, nameof(BaseChannels));
        ArgumentOutOfRangeException.ThrowIfLessThan(UpsampleChannels, 1, nameof(UpsampleChannels));
        ArgumentNullException.ThrowIfNull(Keypoints, nameof(Keypoints));
        ArgumentNullException.ThrowIfNull(BlocksPerLevel, nameof(BlocksPerLevel));
        if (BlocksPerLevel.Count == 0 || BlocksPerLevel.Any(b => b < 1))
        {
            throw new ArgumentException(
                $"{nameof(BlocksPerLevel)} needs at least one level, each with at least one block, not [{string.Join(", ", BlocksPerLevel)}].");
        }
        return this;
    }
}
