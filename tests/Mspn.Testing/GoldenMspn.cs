using System.Text.Json;
using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Testing;

/// <summary>Networks and intermediate results under the names of the official configuration and code.</summary>
public static class GoldenMspn
{
    public static MspnNetwork Build(JsonElement config) => new(new MspnOptions
    {
        Stages = config.Int("STAGE_NUM"),
        Keypoints = Anonymous(config.Int("KEYPOINT_NUM")),
        InputSize = Size(config, "INPUT_SHAPE"),
        UpsampleChannels = config.Int("UPSAMPLE_CHANNEL_NUM"),
    });

    public static ImageSize Size(JsonElement config, string name)
    {
        var size = config.Numbers(name);
        return new ImageSize((int)size[0], (int)size[1]);
    }

    public static KeypointSchema Anonymous(int keypoints) =>
        new() { Name = $"points{keypoints}", Keypoints = [.. Enumerable.Range(0, keypoints).Select(i => $"point{i}")] };

    /// <summary>All that the reference files record, computed part by part as a caller could.</summary>
    public static Dictionary<string, Tensor> NamedOutputs(MspnNetwork network, Tensor images)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var x = named["top"] = network.Stem.call(images);
        IReadOnlyList<Tensor>? added = null;
        for (var stage = 0; stage < network.Stages.Count; stage++)
        {
            var features = network.Stages[stage].call(x, added);
            if (stage + 1 < network.Stages.Count)
            {
                x = named[$"stage{stage}.cross_conv"] = network.Links[stage].call(features.Decoder[0]);
                added = network.Aggregation!.call(stage, features);
                for (var level = 0; level < features.Encoder.Count; level++)
                {
                    named[$"stage{stage}.skip1_{level}"] = network.Aggregation.FromEncoder(stage, level).call(features.Encoder[level]);
                    named[$"stage{stage}.skip2_{level}"] = network.Aggregation.FromDecoder(stage, level).call(features.Decoder[level]);
                }
            }
        }
        var output = network.Predict(images);
        for (var stage = 0; stage < output.Heatmaps.Count; stage++)
        {
            for (var scale = 0; scale < output.Heatmaps[stage].Count; scale++)
            {
                named[$"stage{stage}.res{scale + 1}"] = output.Heatmaps[stage][scale];
            }
        }
        named["final"] = output.Final;
        return named;
    }
}
