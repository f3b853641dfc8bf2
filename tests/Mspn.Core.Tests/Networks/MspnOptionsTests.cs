namespace Mspn.Core.Tests.Networks;

public class MspnOptionsTests
{
    public static TheoryData<string, MspnOptions> Invalid => new()
    {
        { nameof(MspnOptions.Stages), new MspnOptions { Stages = 0 } },
        { nameof(MspnOptions.BaseChannels), new MspnOptions { BaseChannels = 0 } },
        { nameof(MspnOptions.UpsampleChannels), new MspnOptions { UpsampleChannels = -1 } },
        { nameof(MspnOptions.Keypoints), new MspnOptions { Keypoints = null! } },
        { nameof(MspnOptions.BlocksPerLevel), new MspnOptions { BlocksPerLevel = null! } },
        { nameof(MspnOptions.BlocksPerLevel), new MspnOptions { BlocksPerLevel = [] } },
        { nameof(MspnOptions.BlocksPerLevel), new MspnOptions { BlocksPerLevel = [1, 0] } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_option_out_of_range_is_named(string option, MspnOptions options)
    {
        var build = () => new MspnNetwork(options);
        build.Should().Throw<ArgumentException>().WithMessage($"*{option}*");
    }

    [Theory]
    [InlineData(62, 64)]
    [InlineData(64, 28)]
    public void An_input_size_that_no_network_takes_is_refused(int height, int width)
    {
        var build = () => new MspnNetwork(TinyNetworks.Options with { InputSize = new ImageSize(height, width) });
        build.Should().Throw<ArgumentException>().WithMessage($"*multiples of 4*{height}×{width}*");
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        var options = new MspnOptions();
        options.Validated().Should().BeSameAs(options);
    }
}
