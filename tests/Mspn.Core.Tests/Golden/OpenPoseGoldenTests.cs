using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "openpose")]
public class OpenPoseGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("openpose");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_stage_gives_what_the_reference_gives(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (OpenPose)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(golden, network, OpenPoseKeys.Hzzone(options), images =>
        {
            var output = network.Predict(images);
            var named = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["model0"] = network.Stem.call(images) };
            for (var stage = 0; stage < options.Stages; stage++)
            {
                named[$"model{stage + 1}_1"] = output.Extras[PoseExtra.AffinityFields][stage];
                named[$"model{stage + 1}_2"] = cat([output.Heatmaps[stage].Single(), output.Extras[PoseExtra.Background][stage]], 1);
            }
            named["paf"] = output.FinalExtra(PoseExtra.AffinityFields);
            named["heatmap"] = named[$"model{options.Stages}_2"];
            return named;
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (OpenPose)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, OpenPoseKeys.Hzzone(options));
    }

    private static OpenPoseOptions Options(JsonElement config)
    {
        config.Text("model").Should().Be("bodypose_model");
        var input = config.Numbers("input");
        return new OpenPoseOptions { InputSize = new ImageSize((int)input[2], (int)input[3]), RectifyHeatmaps = true };
    }
}
