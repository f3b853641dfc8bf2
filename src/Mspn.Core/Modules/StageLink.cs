using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>Between which channel counts a link stands.</summary>
/// <param name="Stage">The stage before it, from 0.</param>
/// <param name="StemChannels">Channels of the stem's output.</param>
/// <param name="InChannels">Channels of that stage's input.</param>
/// <param name="FeatureChannels">Channels of its finest decoder features.</param>
/// <param name="Maps">Number of maps that its finest heat-map head gives; 0 if it has none.</param>
/// <param name="ExtraChannels">Channels that its other heads give, all together.</param>
/// <param name="NextInChannels">Channels that the next stage's input must have.</param>
public sealed record LinkPlace(int Stage, int StemChannels, int InChannels, int FeatureChannels, int Maps, int ExtraChannels, int NextInChannels);

/// <summary>What a link may take the next stage's input from.</summary>
/// <param name="Stem">The stem's output.</param>
/// <param name="Input">The stage's input.</param>
/// <param name="Features">The stage's finest decoder features.</param>
/// <param name="Maps">All that its finest heat-map head gives; null if it has none, and for inference also for links that do not read it.</param>
/// <param name="Extras">What its other heads give, in the network's order; empty as <paramref name="Maps"/> is null.</param>
public sealed record LinkInput(Tensor Stem, Tensor Input, Tensor Features, Tensor? Maps, IReadOnlyList<Tensor> Extras);

/// <summary>Makes a stage's input from what the stage before it gave.</summary>
public abstract class StageLink(string name) : Module<LinkInput, Tensor>(name)
{
    /// <summary>Whether it reads the stage's heat maps and extras, which then have to be computed for inference too. Default false.</summary>
    public virtual bool ReadsMaps => false;
}
