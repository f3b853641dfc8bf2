using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>OpenPose's link (Cao et al. 2017): the stage's extras, its heat maps and the stem's features, side by side.</summary>
public sealed class ConcatenationLink : StageLink
{
    /// <summary>Creates the link; it has no parameters.</summary>
    /// <param name="place">Where it stands.</param>
    /// <exception cref="ArgumentException">The next stage expects other channels than these are together.</exception>
    public ConcatenationLink(LinkPlace place)
        : base(nameof(ConcatenationLink))
    {
        ArgumentNullException.ThrowIfNull(place);
        var together = place.ExtraChannels + place.Maps + place.StemChannels;
        if (together != place.NextInChannels)
        {
            throw new ArgumentException(
                $"Extras ({place.ExtraChannels}), heat maps ({place.Maps}) and stem ({place.StemChannels}) have {together} channels together, "
                + $"but stage {place.Stage + 1} expects {place.NextInChannels}.", nameof(place));
        }
    }

    /// <inheritdoc />
    public override bool ReadsMaps => true;

    /// <inheritdoc />
    public override Tensor forward(LinkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // Stages that are not supervised give none.
        IReadOnlyList<Tensor> maps = input.Maps is null ? [] : [input.Maps];
        return Primitives.Concatenate([.. input.Extras, .. maps, input.Stem]);
    }
}
