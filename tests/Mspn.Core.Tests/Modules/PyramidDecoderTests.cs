using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class PyramidDecoderTests
{
    [Fact]
    public void Every_level_keeps_its_size_and_has_the_few_channels()
    {
        using var scope = NewDisposeScope();
        using var decoder = new PyramidDecoder([16, 32, 64], 6);
        decoder.Channels.Should().Equal(6, 6, 6);
        var features = decoder.call(Inputs());
        features.Select(f => string.Join(',', f.shape)).Should().Equal("2,6,25,17", "2,6,13,9", "2,6,7,5");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_level_reaches_itself_and_all_finer_ones(int changed)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var decoder = new PyramidDecoder([16, 32, 64], 6);
        decoder.eval();
        var inputs = Inputs();
        var before = decoder.call(inputs).Select(f => f.Bytes()).ToArray();
        inputs[changed] = inputs[changed] * 2;
        var after = decoder.call(inputs).Select(f => f.Bytes()).ToArray();
        for (var level = 0; level < 3; level++)
        {
            after[level].AsSpan().SequenceEqual(before[level]).Should().Be(level > changed);
        }
    }

    private static Tensor[] Inputs() => [rand(2, 16, 25, 17), rand(2, 32, 13, 9), rand(2, 64, 7, 5)];
}
