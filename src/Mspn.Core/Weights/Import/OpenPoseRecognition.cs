namespace Mspn.Core;

/// <summary>Recognises OpenPose's body network, with the names of its PyTorch port and with those of the converted Caffe file.</summary>
internal static class OpenPoseRecognition
{
    public static FoundNetwork Of(StateDictShape shape)
    {
        var bare = !shape.HasAny("model0.");
        string Name(string module, string layer) => bare ? layer : module + layer;
        var stages = Math.Max(1, shape.Count((bare ? string.Empty : @"model\d+_1\.") + @"Mconv1_stage(\d+)_L1\.") - 1);
        var maps = shape.Size(Name("model1_2.", "conv5_5_CPM_L2.weight"));
        var options = new OpenPoseOptions
        {
            Stages = stages,
            BaseChannels = shape.Size(Name("model0.", "conv1_1.weight")),
            Channels = shape.Size(Name("model0.", "conv4_4_CPM.weight")),
            FirstStageChannels = shape.Size(Name("model1_1.", "conv5_4_CPM_L1.weight")),
            Kernel = stages > 1 ? shape.Size(Name("model2_1.", "Mconv1_stage2_L1.weight"), 2) : 7,
            RectifyHeatmaps = true,
        };
        // The last map is the background.
        return new FoundNetwork(options, maps - 1, o => bare ? OpenPoseKeys.Caffe((OpenPoseOptions)o) : OpenPoseKeys.Hzzone((OpenPoseOptions)o), PoseInput.OpenPose);
    }
}
