using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class StageEncoderTests
{
    [Theory]
    [InlineData(16, 16, new long[] { 16, 16, 8, 8, 4, 4, 2, 2 })]
    [InlineData(25, 17, new long[] { 25, 17, 13, 9, 7, 5, 4, 3 })]
    public void The_ResNet_encoder_doubles_channels_and_halves_the_resolution(long height, long width, long[] sizes)
    {
        using var scope = NewDisposeScope();
        using var encoder = StageEncoder.ResNet(new ResNetShape(ResNetBlock.Bottleneck, [1, 2, 1, 1]), 4);
        encoder.InChannels.Should().Be(4);
        encoder.Channels.Should().Equal(16, 32, 64, 128);
        var features = encoder.call(rand(2, 4, height, width), null);
        features.Should().HaveCount(4);
        for (var level = 0; level < 4; level++)
        {
            features[level].shape.Should().Equal(2, encoder.Channels[level], sizes[2 * level], sizes[2 * level + 1]);
        }
    }

    [Fact]
    public void Without_biases_no_convolution_has_one()
    {
        using var encoder = StageEncoder.ResNet(new ResNetShape(ResNetBlock.Bottleneck, [1, 1]), 4, bias: false);
        encoder.named_parameters().Select(p => p.name).Should().NotContain(n => n.EndsWith("conv.bias", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_added_to_a_level_is_read_by_the_next()
    {
        using var scope = NewDisposeScope();
        using var encoder = new StageEncoder(1, new EncoderLevel(Times(1), 1), new EncoderLevel(Times(2), 1));
        var features = encoder.call(ones(1, 1, 1, 1), [full([1, 1, 1, 1], 10f), full([1, 1, 1, 1], 100f)]);
        features.Select(f => f.item<float>()).Should().Equal(11, 122);
        encoder.call(ones(1, 1, 1, 1), null).Select(f => f.item<float>()).Should().Equal(1, 2);
    }

    [Fact]
    public void An_encoder_needs_a_level()
    {
        var build = () => new StageEncoder(4);
        build.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static nn.Module<Tensor, Tensor> Times(float factor)
    {
        var conv = nn.Conv2d(1, 1, 1, bias: false);
        nn.init.constant_(conv.weight, factor);
        return conv;
    }
}
