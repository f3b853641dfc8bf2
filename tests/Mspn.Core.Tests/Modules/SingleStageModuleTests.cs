using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class SingleStageModuleTests
{
    [Fact]
    public void A_stage_gives_encoder_and_decoder_features_of_every_level()
    {
        using var scope = NewDisposeScope();
        using var stage = SingleStageModule.Mspn(4, [1, 1, 1, 1], 8);
        stage.InChannels.Should().Be(4);
        stage.Levels.Should().Be(4);
        var features = stage.call(rand(2, 4, 16, 12), null);
        features.Encoder.Select(f => f.shape[1]).Should().Equal(16, 32, 64, 128);
        features.Decoder.Select(f => f.shape[1]).Should().Equal(8, 8, 8, 8);
        features.Decoder.Zip(features.Encoder).Should().OnlyContain(p => p.First.shape[2] == p.Second.shape[2] && p.First.shape[3] == p.Second.shape[3]);
    }

    [Fact]
    public void Other_encoders_and_decoders_make_a_stage()
    {
        using var scope = NewDisposeScope();
        using var stage = OtherParts.Stage(3, [5, 7], [2, 9]);
        var features = stage.call(rand(1, 3, 8, 8), null);
        features.Encoder.Select(f => f.shape[1]).Should().Equal(5, 7);
        features.Decoder.Select(f => f.shape[1]).Should().Equal(2, 9);
    }

    [Fact]
    public void Encoder_and_decoder_must_have_as_many_levels()
    {
        using var encoder = StageEncoder.ResNet(new ResNetShape(ResNetBlock.Bottleneck, [1, 1, 1]), 4);
        using var decoder = new PyramidDecoder([16, 32], 8);
        var build = () => new SingleStageModule(encoder, decoder);
        build.Should().Throw<ArgumentException>().WithMessage("*3 levels*2*");
    }

    [Fact]
    public void A_stage_keeps_nothing_but_its_features()
    {
        using var input = rand(1, 4, 8, 8);
        using var stage = SingleStageModule.Mspn(4, [1, 1], 8);
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            var features = stage.call(input, null);
            foreach (var feature in features.Encoder.Concat(features.Decoder))
            {
                feature.Dispose();
            }
        });
    }
}
