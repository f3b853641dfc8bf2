using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

/// <summary>A stem, a decoder and stages of other kinds than the library's.</summary>
internal static class OtherParts
{
    public static SingleStageModule Stage(int inChannels, int[] encoder, int[] decoder)
    {
        var levels = encoder.Select((channels, level) => new EncoderLevel(
            nn.Conv2d(level == 0 ? inChannels : encoder[level - 1], channels, 3, stride: level == 0 ? 1 : 2, padding: 1), channels));
        return new SingleStageModule(new StageEncoder(inChannels, [.. levels]), new LateralDecoder(encoder, decoder));
    }
}

/// <summary>A decoder without a way from coarse to fine.</summary>
internal sealed class LateralDecoder : StageDecoder
{
    private readonly ModuleList<Conv2d> convs;

    public LateralDecoder(int[] encoder, int[] channels)
        : base(nameof(LateralDecoder))
    {
        Channels = channels;
        convs = new ModuleList<Conv2d>([.. channels.Select((c, level) => nn.Conv2d(encoder[level], c, 1))]);
        RegisterComponents();
    }

    public override IReadOnlyList<int> Channels { get; }

    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input) => [.. convs.Select((conv, level) => conv.call(input[level]))];
}

internal sealed class PatchStem : NetworkStem
{
    private readonly Conv2d conv;

    public PatchStem(int channels)
        : base(nameof(PatchStem))
    {
        OutChannels = channels;
        conv = nn.Conv2d(3, channels, 4, 4);
        RegisterComponents();
    }

    public override int OutChannels { get; }

    public override Tensor forward(Tensor input) => conv.call(input);
}
