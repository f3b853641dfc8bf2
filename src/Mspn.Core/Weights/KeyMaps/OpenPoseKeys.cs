namespace Mspn.Core;

/// <summary>Names of OpenPose's tensors.</summary>
public static class OpenPoseKeys
{
    private static readonly string[] Front =
    [
        "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4", "conv4_1", "conv4_2", "conv4_3_CPM", "conv4_4_CPM",
    ];

    /// <summary>Hzzone/pytorch-openpose (<c>src/model.py</c>, <c>bodypose_model</c>).</summary>
    public static KeyMap Hzzone(OpenPoseOptions options) => Named("pytorch-openpose", options, module => module + ".");

    /// <summary>The layers' names in Caffe, as the weights converted for pytorch-openpose (<c>body_pose_model.pth</c>) have them.</summary>
    public static KeyMap Caffe(OpenPoseOptions options) => Named("OpenPose in Caffe", options, _ => string.Empty);

    private static KeyMap Named(string name, OpenPoseOptions options, Func<string, string> prefix)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] stem = [.. Layers("stem.vgg.block1", 2), .. Layers("stem.vgg.block2", 2), .. Layers("stem.block3", 4), .. Layers("stem.block4", 4)];
        return new KeyMap(name, [
            .. stem.Zip(Front, (ours, theirs) => ($"{ours}.", $"{prefix("model0")}{theirs}.")),
            .. Enumerable.Range(0, options.Stages).SelectMany(stage => new[]
            {
                Branch(stage, 1, "fields", $"heads.{stage}.extras.0.conv", prefix), Branch(stage, 2, "heatmaps", $"heads.{stage}.maps.0.conv", prefix),
            }.SelectMany(layers => layers)),
        ]);
    }

    private static IEnumerable<(string Ours, string Theirs)> Branch(
        int stage, int branch, string name, string head, Func<string, string> prefix)
    {
        string[] ours = [.. Layers($"stages.{stage}.encoder.levels.0.{name}", stage == 0 ? 4 : 6), head];
        return ours.Select((layer, i) => ($"{layer}.", prefix($"model{stage + 1}_{branch}")
            + (stage == 0 ? $"conv5_{i + 1}_CPM_L{branch}." : $"Mconv{i + 1}_stage{stage + 1}_L{branch}.")));
    }

    private static IEnumerable<string> Layers(string stack, int count) => Enumerable.Range(0, count).Select(i => $"{stack}.convs.{i}");
}
