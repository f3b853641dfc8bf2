using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mmpose")]
public class MmposeGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("mmpose");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_output_of_mmposes_network_is_reproduced(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (MultiStageNetwork)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(golden, network, PyramidKeys.Mmpose(options), images => NamedOutputs(network, images));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_mmposes(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (MultiStageNetwork)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, PyramidKeys.Mmpose(options));
    }

    internal static PyramidNetworkOptions Options(JsonElement config)
    {
        var (backbone, head) = (config.GetProperty("backbone"), config.GetProperty("head"));
        PyramidNetworkOptions options = backbone.Text("type") == "RSN"
            ? new ResidualStepsOptions
            {
                Branches = backbone.TryGetProperty("num_steps", out var steps) ? steps.GetInt32() : 4,
                BranchChannels = backbone.TryGetProperty("expand_times", out var times) ? times.GetInt32() : 26,
            }
            : new MspnOptions();
        return options with
        {
            Stages = backbone.Int("num_stages"),
            BlocksPerLevel = [.. backbone.Numbers("num_blocks").Select(n => (int)n)],
            BaseChannels = backbone.TryGetProperty("res_top_channels", out var channels) ? channels.GetInt32() : 64,
            UpsampleChannels = backbone.Int("unit_channels"),
            Keypoints = GoldenMspn.Anonymous(head.Int("out_channels")),
            InputSize = GoldenMspn.Size(config, "input"),
            ConvolutionBias = false,
            RefineMachine = head.TryGetProperty("use_prm", out var prm) && prm.GetBoolean(),
        };
    }

    private static Dictionary<string, Tensor> NamedOutputs(MultiStageNetwork network, Tensor images)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var x = network.Stem.call(images);
        IReadOnlyList<Tensor>? added = null;
        for (var stage = 0; stage < network.Stages.Count; stage++)
        {
            var features = network.Stages[stage].call(x, added);
            for (var level = 0; level < features.Decoder.Count; level++)
            {
                named[$"backbone.stage{stage}.unit{features.Decoder.Count - level}"] = features.Decoder[level];
            }
            if (stage + 1 < network.Stages.Count)
            {
                x = network.Links[stage].call(new LinkInput(images, x, features.Decoder[0], null, []));
                added = network.Aggregation!.call(stage, features);
            }
        }
        var output = network.Predict(images);
        for (var stage = 0; stage < output.Heatmaps.Count; stage++)
        {
            for (var scale = 0; scale < output.Heatmaps[stage].Count; scale++)
            {
                named[$"head.stage{stage}.unit{scale + 1}"] = output.Heatmaps[stage][scale];
            }
        }
        named["final"] = output.Final;
        return named;
    }
}
