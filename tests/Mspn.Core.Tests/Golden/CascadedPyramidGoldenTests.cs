using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "cpn")]
public class CascadedPyramidGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("cpn");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void GlobalNet_and_RefineNet_give_what_the_reference_gives(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (CascadedPyramidNetwork)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(golden, network, BackboneKeys.CascadedPyramid(options), images =>
        {
            var output = network.Predict(images);
            output.Heatmaps.Should().HaveCount(2);
            var named = output.Heatmaps[0].Select((maps, i) => (Name: $"global_out{i}", Maps: maps)).ToDictionary(g => g.Name, g => g.Maps);
            named["refine_out"] = output.Final;
            return named;
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (CascadedPyramidNetwork)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, BackboneKeys.CascadedPyramid(options));
    }

    private static CascadedPyramidOptions Options(JsonElement config)
    {
        var input = config.Numbers("input");
        var size = new ImageSize((int)input[2], (int)input[3]);
        var options = new CascadedPyramidOptions
        {
            Backbone = Backbone.ResNet(int.Parse(config.Text("arch")[3..], CultureInfo.InvariantCulture)),
            Keypoints = GoldenMspn.Anonymous(config.Int("num_class")),
            InputSize = size,
        };
        GoldenMspn.Size(config, "output_shape").Should().Be(new ImageSize(size.Height / 4, size.Width / 4));
        return options;
    }
}
