using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mspn")]
public class MspnGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("mspn");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_output_of_the_official_network_is_reproduced(string? file)
    {
        var golden = Goldens.Case(file);
        using var network = GoldenMspn.Build(golden.Json.GetProperty("config"));
        GoldenNetwork.OutputsShouldAgree(golden, network, PyramidKeys.Official(network.Options), images => NamedOutputs(network, images));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_official_ones(string? file)
    {
        var golden = Goldens.Case(file);
        using var network = GoldenMspn.Build(golden.Json.GetProperty("config"));
        GoldenNetwork.CountsShouldAgree(golden, network, PyramidKeys.Official(network.Options));
    }

    // All that the reference files record, computed part by part as a caller could.
    private static Dictionary<string, Tensor> NamedOutputs(MspnNetwork network, Tensor images)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var x = named["top"] = network.Stem.call(images);
        IReadOnlyList<Tensor>? added = null;
        for (var stage = 0; stage < network.Stages.Count; stage++)
        {
            var features = network.Stages[stage].call(x, added);
            if (stage + 1 < network.Stages.Count)
            {
                x = named[$"stage{stage}.cross_conv"] = network.Links[stage].call(new LinkInput(images, x, features.Decoder[0], null, []));
                added = network.Aggregation!.call(stage, features);
                for (var level = 0; level < features.Encoder.Count; level++)
                {
                    named[$"stage{stage}.skip1_{level}"] = network.Aggregation.FromEncoder(stage, level).call(features.Encoder[level]);
                    named[$"stage{stage}.skip2_{level}"] = network.Aggregation.FromDecoder(stage, level).call(features.Decoder[level]);
                }
            }
        }
        return PyramidOutputs.Add(named, network.Predict(images));
    }
}
