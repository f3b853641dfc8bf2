using System.Text.Json;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "rsn")]
public class ResidualStepsGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("rsn");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_output_of_the_official_network_is_reproduced(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (MultiStageNetwork)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(
            golden, network, PyramidKeys.Official(options), images => PyramidOutputs.Add(new(StringComparer.Ordinal), network.Predict(images)));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_official_ones(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (MultiStageNetwork)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, PyramidKeys.Official(options));
    }

    // "Res18" is that repository's baseline: bottlenecks without expansion in place of the residual steps.
    private static PyramidNetworkOptions Options(JsonElement config)
    {
        PyramidNetworkOptions options = config.Text("exp").StartsWith("Res", StringComparison.Ordinal)
            ? new MspnOptions { BlocksPerLevel = [2, 2, 2, 2], Expansion = 1 }
            : new ResidualStepsOptions();
        return options with
        {
            Stages = config.Int("STAGE_NUM"),
            Keypoints = GoldenMspn.Anonymous(config.Int("KEYPOINT_NUM")),
            InputSize = GoldenMspn.Size(config, "INPUT_SHAPE"),
            UpsampleChannels = config.Int("UPSAMPLE_CHANNEL_NUM"),
        };
    }
}
