using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// The light decoder of MSPN and of CPN's GlobalNet: every level has the same few channels, made by one 1×1 convolution from the encoder and
/// one from the up-sampled level below (bilinear, corners aligned).
/// </summary>
/// <remarks>Official MSPN code: <c>Upsample_unit</c>. Lin et al. 2017 (feature pyramids) and CPN differ from it only in where the ReLU stands.</remarks>
public sealed class PyramidDecoder : StageDecoder
{
    private readonly bool _reluBeforeSum;
    private readonly ModuleList<ConvBnRelu> laterals;
    private readonly ModuleList<ConvBnRelu> ups;

    /// <summary>Creates the decoder.</summary>
    /// <param name="encoderChannels">Channels of the encoder's levels, finest first.</param>
    /// <param name="channels">Channels of all decoder levels.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    /// <param name="reluBeforeSum">
    /// False (the default, MSPN): a ReLU on the sum of both. True (CPN): a ReLU on what comes from the encoder, none on the sum.
    /// </param>
    public PyramidDecoder(IReadOnlyList<int> encoderChannels, int channels, bool bias = true, bool reluBeforeSum = false)
        : base(nameof(PyramidDecoder))
    {
        ArgumentNullException.ThrowIfNull(encoderChannels);
        _reluBeforeSum = reluBeforeSum;
        Channels = [.. encoderChannels.Select(_ => channels)];
        laterals = new ModuleList<ConvBnRelu>(
            encoderChannels.Select(c => new ConvBnRelu(c, channels, 1, relu: reluBeforeSum, bias: bias)).ToArray());
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
        for (var i = features.Length - 1; i >= 0; i--)
        {
            var level = i; // a variable of its own for what is computed again later
            features[level] = (level < ups.Count
                ? Recomputation.Run([laterals[level], ups[level]], inputs => Level(level, inputs[0], inputs[1]), input[level], features[level + 1])
                : Recomputation.Run([laterals[level]], inputs => Level(level, inputs[0], null), input[level])).MoveToOuterDisposeScope();
        }
        return features;
    }

    private Tensor Level(int level, Tensor encoded, Tensor? below)
    {
        using var scope = NewDisposeScope();
        var x = laterals[level].call(encoded);
        if (below is not null)
        {
            var up = ups[level].call(Resampling.Bilinear(below, x.shape[2], x.shape[3]));
            // A ReLU remembers its output for the way back, so that must not be overwritten.
            x = _reluBeforeSum ? x.Plus(up) : x.PlusInPlace(up);
        }
        return (_reluBeforeSum ? x : x.ReluInPlace()).MoveToOuterDisposeScope();
    }
}
