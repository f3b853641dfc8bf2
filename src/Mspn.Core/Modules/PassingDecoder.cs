using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The decoder of a stage that does not go down: the encoder's features as they are.</summary>
/// <param name="channels">Channels of the encoder's levels, finest first.</param>
public sealed class PassingDecoder(IReadOnlyList<int> channels) : StageDecoder(nameof(PassingDecoder))
{
    /// <inheritdoc />
    public override IReadOnlyList<int> Channels { get; } = [.. channels];

    /// <inheritdoc />
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return [.. input.Select(features => features.Alias())];
    }
}
