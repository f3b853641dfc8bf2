using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core.Tests;

/// <summary>Networks whose encoder has a level of a caller's own.</summary>
internal static class OwnLevels
{
    /// <summary>A network for 64×64 images; the level makes 8 maps of half the size from 4.</summary>
    public static MultiStageNetwork Network(Module<Tensor, Tensor> level) => new(
        new ResNetStem(4),
        [SingleStageModule.WithPyramid(new StageEncoder(4, new EncoderLevel(Identity(), 4), new EncoderLevel(level, 8)), 8)],
        KeypointSchemas.Coco17, inputSize: new ImageSize(64, 64));

    public static Conv2d Down() => Conv2d(4, 8, 3, padding: 1, stride: 2);
}

/// <summary>One convolution, used twice, each time with another normalisation.</summary>
internal sealed class UsedTwice : Module<Tensor, Tensor>
{
    private readonly Conv2d down = OwnLevels.Down();
    private readonly Conv2d shared = Conv2d(8, 8, 3, padding: 1);
    private readonly BatchNorm2d first = BatchNorm2d(8);
    private readonly BatchNorm2d second = BatchNorm2d(8);

    public UsedTwice()
        : base(nameof(UsedTwice))
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => second.call(shared.call(first.call(shared.call(down.call(input)))));
}

/// <summary>A linear layer over columns, of as many numbers as there are channels, and a normalisation of the channels.</summary>
internal sealed class OverColumns : Module<Tensor, Tensor>
{
    private readonly Conv2d down = OwnLevels.Down();
    private readonly Linear columns = Linear(8, 8);
    private readonly BatchNorm2d norm = BatchNorm2d(8);

    public OverColumns()
        : base(nameof(OverColumns))
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => norm.call(columns.call(down.call(input)));
}
