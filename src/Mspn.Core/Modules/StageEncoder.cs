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
/// <remarks>Level 0 has the resolution of the stage's input; each further level has half the one above it.</remarks>
public sealed class StageEncoder : Module<Tensor, IReadOnlyList<Tensor>?, IReadOnlyList<Tensor>>
{
    private readonly ModuleList<Module<Tensor, Tensor>> levels;

    /// <summary>An encoder of the caller's own levels.</summary>
    /// <param name="inChannels">Channels of the stage's input.</param>
    /// <param name="levels">The levels, finest first, at least one; the encoder owns their modules.</param>
    public StageEncoder(int inChannels, params IReadOnlyList<EncoderLevel> levels)
        : base(nameof(StageEncoder))
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentOutOfRangeException.ThrowIfZero(levels.Count);
        InChannels = inChannels;
        Channels = [.. levels.Select(l => l.Channels)];
        this.levels = new ModuleList<Module<Tensor, Tensor>>(levels.Select(l => l.Layer).ToArray());
        RegisterComponents();
    }

    /// <summary>Channels that the input must have.</summary>
    public int InChannels { get; }

    /// <summary>Channels of each level's features, finest first.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>
    /// An encoder of residual blocks. Each level after the first halves the resolution and <b>doubles the channels</b>, which is where MSPN
    /// spends its compute.
    /// </summary>
    /// <param name="baseChannels">Input channels, and width of the first level.</param>
    /// <param name="blocks">Number of blocks on each level, finest first, each at least 1.</param>
    /// <param name="block">Makes a block of given input channels, width and stride.</param>
    /// <exception cref="ArgumentException">There is no level, or one without a block.</exception>
    public static StageEncoder Doubling(int baseChannels, IReadOnlyList<int> blocks, Func<int, int, int, ResidualBlock> block)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(block);
        var levels = new List<EncoderLevel>();
        var channels = baseChannels;
        for (var level = 0; level < blocks.Count; level++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(blocks[level], 1, nameof(blocks));
            var group = new List<Module<Tensor, Tensor>>();
            for (var i = 0; i < blocks[level]; i++)
            {
                var next = block(channels, baseChannels << level, i == 0 && level > 0 ? 2 : 1);
                group.Add(next);
                channels = next.OutChannels;
            }
            levels.Add(new EncoderLevel(Sequential(group), channels));
        }
        var encoder = new StageEncoder(baseChannels, levels);
        foreach (var layer in encoder.modules().OfType<ConvBnRelu>())
        {
            layer.InitializeForEncoder();
        }
        return encoder;
    }

    /// <summary>ResNet's four groups of blocks, as in MSPN, CPN and SimpleBaseline.</summary>
    /// <param name="shape">Which blocks and how many; <see cref="ResNetShape.OfDepth"/> has the published ones.</param>
    /// <param name="baseChannels">Input channels, and width of the first group (64 gives 256, 512, 1024, 2048 outputs of bottlenecks). Default 64.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public static StageEncoder ResNet(ResNetShape shape, int baseChannels = 64, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Doubling(baseChannels, shape.BlocksPerLevel, (channels, width, stride) => shape.Create(channels, width, stride, bias));
    }

    /// <summary>RSN's encoder of <see cref="ResidualStepsBlock"/>s (Cai et al. 2020).</summary>
    /// <param name="blocks">Blocks per level; <c>[2, 2, 2, 2]</c> is RSN-18, <c>[3, 4, 6, 3]</c> RSN-50.</param>
    /// <param name="baseChannels">Input channels, and output channels of the first level. Default 64.</param>
    /// <param name="branches">Branches of each block. Default 4.</param>
    /// <param name="branchChannels">Channels of each branch for every <paramref name="baseChannels"/> input channels of a block. Default 26.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public static StageEncoder ResidualSteps(
        IReadOnlyList<int> blocks, int baseChannels = 64, int branches = 4, int branchChannels = 26, bool bias = true) =>
        Doubling(baseChannels, blocks, (channels, width, stride) =>
            new ResidualStepsBlock(channels, width, channels * branchChannels / baseChannels, stride, branches, bias));

    /// <summary>
    /// The hourglass's way down (Newell et al. 2016): the input itself, then level after level a max pooling and residual modules, all of the
    /// same channels.
    /// </summary>
    /// <param name="channels">Channels of the stage's input. Default 256.</param>
    /// <param name="depth">How often the resolution is halved. Default 4.</param>
    /// <param name="blocks">Residual modules per level. Default 1.</param>
    /// <param name="increase">Channels more on the levels below the first (the authors' later code has such an option). Default 0.</param>
    public static StageEncoder Hourglass(int channels = 256, int depth = 4, int blocks = 1, int increase = 0)
    {
        var inner = channels + increase;
        return new StageEncoder(channels, [
            new EncoderLevel(Identity(), channels),
            .. Enumerable.Range(1, depth).Select(level => new EncoderLevel(
                Sequential(("pool", MaxPool2d(2, 2)), ("blocks", PreActivationResidual.Chain(level == 1 ? channels : inner, inner, blocks))), inner)),
        ]);
    }

    /// <summary>Computes all levels.</summary>
    /// <param name="input">The stage's input, <c>[N, InChannels, h, w]</c>.</param>
    /// <param name="added">One tensor per level to add to its result, or null.</param>
    public override IReadOnlyList<Tensor> forward(Tensor input, IReadOnlyList<Tensor>? added)
    {
        using var scope = NewDisposeScope();
        var features = new Tensor[levels.Count];
        var x = input;
        for (var i = 0; i < features.Length; i++)
        {
            var level = i; // a variable of its own for what is computed again later
            features[level] = x = Recomputation.Run([levels[level]], inputs => Level(level, inputs), added is null ? [x] : [x, added[level]]);
        }
        foreach (var feature in features)
        {
            feature.MoveToOuterDisposeScope();
        }
        return features;
    }

    private Tensor Level(int level, Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var x = levels[level].call(inputs[0]);
        if (inputs.Length > 1)
        {
            x = x.Plus(inputs[1]);
        }
        else if (ReferenceEquals(x, inputs[0]))
        {
            x = x.Alias(); // the caller's tensor stays the caller's
        }
        return x.MoveToOuterDisposeScope();
    }
}
