using System.Text.Json;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "hourglass")]
public class HourglassGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("hourglass");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_stack_gives_what_the_reference_gives(string? file)
    {
        var golden = Goldens.Case(file);
        var (options, keys) = Options(golden.Json.GetProperty("config"));
        using var network = (StackedHourglass)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(golden, network, keys, images => network.Predict(images).Heatmaps
            .Select((stage, i) => (Name: $"stack{i}", Maps: stage.Single())).ToDictionary(s => s.Name, s => s.Maps));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var (options, keys) = Options(golden.Json.GetProperty("config"));
        using var network = (StackedHourglass)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, keys);
    }

    private static (StackedHourglassOptions Options, KeyMap Keys) Options(JsonElement config)
    {
        var princeton = config.TryGetProperty("nstack", out _);
        var input = config.Numbers("input");
        var size = princeton ? new ImageSize((int)input[1], (int)input[2]) : new ImageSize((int)input[2], (int)input[3]);
        if (!princeton)
        {
            var bearpaw = new StackedHourglassOptions
            {
                Stacks = config.Int("num_stacks"),
                Blocks = config.Int("num_blocks"),
                Keypoints = GoldenMspn.Anonymous(config.Int("num_classes")),
                StemChannels = 256,
                InputSize = size,
            };
            return (bearpaw, HourglassKeys.Bearpaw(bearpaw));
        }
        // "bn" is accepted and ignored by that code.
        var options = new StackedHourglassOptions
        {
            Stacks = config.Int("nstack"),
            Channels = config.Int("inp_dim"),
            Increase = config.Int("increase"),
            Keypoints = GoldenMspn.Anonymous(config.Int("oup_dim")),
            InputSize = size,
        };
        return (options, HourglassKeys.Princeton(options));
    }
}
