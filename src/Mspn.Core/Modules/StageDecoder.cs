using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>The up-sampling half of a stage: from encoder features to decoder features, level by level, finest first.</summary>
public abstract class StageDecoder(string name) : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>(name)
{
    /// <summary>Channels of each level's features, finest first.</summary>
    public abstract IReadOnlyList<int> Channels { get; }
}

/// <summary>
/// MSPN's light decoder: every level has the same few channels, made by one 1×1 convolution from the encoder and one from the
/// up-sampled level below (bilinear, corners aligned). Official code: <c>Upsample_unit</c>.
/// </summary>
public sealed class PyramidDecoder : StageDecoder
{
    private readonly ModuleList<ConvBnRelu> laterals;
    private readonly ModuleList<ConvBnRelu> ups;

    /// <summary>Creates the decoder.</summary>
    /// <param name="encoderChannels">Channels of the encoder's levels, finest first.</param>
    /// <param name="channels">Channels of all decoder levels.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public PyramidDecoder(IReadOnlyList<int> encoderChannels, int channels, bool bias = true)
        : base(nameof(PyramidDecoder))
    {
        ArgumentNullException.ThrowIfNull(encoderChannels);
        Channels = Enumerable.Repeat(channels, encoderChannels.Count).ToArray();
        laterals = new ModuleList<ConvBnRelu>(
            encoderChannels.Select(c => new ConvBnRelu(c, channels, 1, relu: false, bias: bias)).ToArray());
        // ups[l] carries level l + 1 to level l; nothing arrives at the coarsest level.
        ups = new ModuleList<ConvBnRelu>(
            encoderChannels.Skip(1).Select(_ => new ConvBnRelu(channels, channels, 1, relu: false, bias: bias)).ToArray());
        RegisterComponents();
    }

    /// <inheritdoc />
    public override IReadOnlyList<int> Channels { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var features = new Tensor[laterals.Count];
        for (var level = features.Length - 1; level >= 0; level--)
        {
            var x = laterals[level].call(input[level]);
            if (level < ups.Count)
            {
                x = x.PlusInPlace(ups[level].call(Resampling.Bilinear(features[level + 1], x.shape[2], x.shape[3])));
            }
            features[level] = x.relu_();
        }
        foreach (var feature in features)
        {
            feature.MoveToOuterDisposeScope();
        }
        return features;
    }
}
