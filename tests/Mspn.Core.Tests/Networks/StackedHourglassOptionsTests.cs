namespace Mspn.Core.Tests.Networks;

public class StackedHourglassOptionsTests
{
    public static TheoryData<string, StackedHourglassOptions> Invalid => new()
    {
        { nameof(StackedHourglassOptions.Stacks), new StackedHourglassOptions { Stacks = 0 } },
        { nameof(StackedHourglassOptions.Depth), new StackedHourglassOptions { Depth = 0 } },
        { nameof(StackedHourglassOptions.Blocks), new StackedHourglassOptions { Blocks = -1 } },
        { nameof(StackedHourglassOptions.Channels), new StackedHourglassOptions { Channels = 1 } },
        { nameof(StackedHourglassOptions.StemChannels), new StackedHourglassOptions { StemChannels = 1 } },
        { nameof(StackedHourglassOptions.Increase), new StackedHourglassOptions { Increase = -1 } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_option_out_of_range_is_named(string option, StackedHourglassOptions options) =>
        options.Invoking(o => o.Build()).Should().Throw<ArgumentException>().WithMessage($"*'{option}'*");
}
