using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>One level of an encoder.</summary>
/// <param name="Layer">Takes the features of the level above (or the stage's input) and gives this level's.</param>
/// <param name="Channels">Channels of the result.</param>
public sealed record EncoderLevel(Module<Tensor, Tensor> Layer, int Channels);

/// <summary>
/// The down-sampling half of a stage: a chain of levels, the finest first. What an earlier stage hands over
/// (<see cref="CrossStageAggregation"/>) is added to a level's result before the next level reads it.
/// </summary>
public sealed class StageEncoder : Module<Tensor, IReadOnlyList<Tensor>?, IReadOnlyList<Tensor>>
{
    private readonly ModuleList<Module<Tensor, Tensor>> levels;

    /// <summary>An encoder of the caller's own levels.</summary>
    /// <param name="inChannels">Channels of the stage's input.</param>
    /// <param name="levels">The levels, finest first; the encoder owns their modules.</param>
    public StageEncoder(int inChannels, params IReadOnlyList<EncoderLevel> levels)
        : base(nameof(StageEncoder))
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentOutOfRangeException.ThrowIfZero(levels.Count);
        InChannels = inChannels;
        Channels = levels.Select(l => l.Channels).ToArray();
        this.levels = new ModuleList<Module<Tensor, Tensor>>(levels.Select(l => l.Layer).ToArray());
        RegisterComponents();
    }

    /// <summary>Channels that the input must have.</summary>
    public int InChannels { get; }

    /// <summary>Channels of each level's features, finest first.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>
    /// MSPN's encoder: ResNet's four groups of bottlenecks. Each group after the first halves the resolution and <b>doubles the
    /// channels</b>, which is where the network spends its compute.
    /// </summary>
    /// <param name="baseChannels">Input channels, and inner channels of the first group (64 gives 256, 512, 1024, 2048 outputs).</param>
    /// <param name="blocks">Bottlenecks per group; <c>[3, 4, 6, 3]</c> is ResNet-50.</param>
    /// <param name="bias">Whether convolutions have biases.</param>
    public static StageEncoder ResNet(int baseChannels, IReadOnlyList<int> blocks, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var levels = new List<EncoderLevel>();
        var inChannels = baseChannels;
        for (var level = 0; level < blocks.Count; level++)
        {
            var width = baseChannels << level;
            var group = new List<Module<Tensor, Tensor>>();
            for (var block = 0; block < blocks[level]; block++)
            {
                group.Add(new Bottleneck(inChannels, width, block == 0 && level > 0 ? 2 : 1, bias));
                inChannels = width * Bottleneck.Expansion;
            }
            levels.Add(new EncoderLevel(Sequential(group), inChannels));
        }
        var encoder = new StageEncoder(baseChannels, levels);
        foreach (var layer in encoder.modules().OfType<ConvBnRelu>())
        {
            layer.InitializeForEncoder();
        }
        return encoder;
    }

    /// <summary>Computes all levels.</summary>
    /// <param name="input">The stage's input, <c>[N, InChannels, h, w]</c>.</param>
    /// <param name="added">One tensor per level to add to its result, or null.</param>
    public override IReadOnlyList<Tensor> forward(Tensor input, IReadOnlyList<Tensor>? added)
    {
        using var scope = NewDisposeScope();
        var features = new Tensor[levels.Count];
        var x = input;
        for (var level = 0; level < features.Length; level++)
        {
            x = levels[level].call(x);
            if (added is not null)
            {
                x = x.Plus(added[level]);
            }
            features[level] = x;
        }
        foreach (var feature in features)
        {
            feature.MoveToOuterDisposeScope();
        }
        return features;
    }
}
