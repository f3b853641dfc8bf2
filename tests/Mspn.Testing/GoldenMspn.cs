using System.Text.Json;
using Mspn.Core;

namespace Mspn.Testing;

/// <summary>Networks under the names of the official MSPN configuration.</summary>
public static class GoldenMspn
{
    /// <summary>A network to be filled.</summary>
    public static MspnNetwork Build(JsonElement config) => (MspnNetwork)new MspnOptions
    {
        Stages = config.Int("STAGE_NUM"),
        Keypoints = Anonymous(config.Int("KEYPOINT_NUM")),
        InputSize = Size(config, "INPUT_SHAPE"),
        UpsampleChannels = config.Int("UPSAMPLE_CHANNEL_NUM"),
    }.BuildWithoutValues();

    /// <summary>The official name of each of its tensors.</summary>
    public static Func<string, string> Keys(MspnNetwork network)
    {
        var map = PyramidKeys.Official(network.Options);
        return name => map.Theirs(name) ?? throw new ArgumentException($"'{name}' has no official name.");
    }

    public static ImageSize Size(JsonElement config, string name)
    {
        var size = config.Numbers(name);
        return new ImageSize((int)size[0], (int)size[1]);
    }

    public static KeypointSchema Anonymous(int keypoints) =>
        new() { Name = $"points{keypoints}", Keypoints = [.. Enumerable.Range(0, keypoints).Select(i => $"point{i}")] };
}
