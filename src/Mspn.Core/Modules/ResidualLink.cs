using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// The hourglass's link (Newell et al. 2016, figure 4): the stage's input, plus a 1×1 convolution of its features, plus a 1×1 convolution of its
/// heat maps.
/// </summary>
public sealed class ResidualLink : StageLink
{
    private readonly Conv2d features;
    private readonly Conv2d? heatmaps;

    /// <summary>Creates the link.</summary>
    /// <param name="place">Where it stands; without heat maps there, it takes the features alone.</param>
    /// <exception cref="ArgumentException">The two stages' inputs have different channels, so that they cannot be added.</exception>
    public ResidualLink(LinkPlace place)
        : base(nameof(ResidualLink))
    {
        ArgumentNullException.ThrowIfNull(place);
        if (place.InChannels != place.NextInChannels)
        {
            throw new ArgumentException(
                $"A residual link adds to stage {place.Stage}'s input of {place.InChannels} channels, but the next stage expects {place.NextInChannels}.",
                nameof(place));
        }
        features = Layers.Convolution(place.FeatureChannels, place.NextInChannels, 1);
        heatmaps = place.Maps > 0 ? Layers.Convolution(place.Maps, place.NextInChannels, 1) : null;
        RegisterComponents();
    }

    /// <inheritdoc />
    public override bool ReadsMaps => heatmaps is not null;

    /// <inheritdoc />
    public override Tensor forward(LinkInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var x = input.Input.Plus(features.call(input.Features));
        return (heatmaps is null ? x : x.PlusInPlace(heatmaps.call(input.Maps!))).MoveToOuterDisposeScope();
    }
}
