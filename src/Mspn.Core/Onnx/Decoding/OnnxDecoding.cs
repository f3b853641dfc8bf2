namespace Mspn.Core;

/// <summary>Decoders of one person's maps as ONNX nodes.</summary>
internal static class OnnxDecoding
{
    /// <summary>Adds a decoder to a graph.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="maps">The network's final maps by name.</param>
    /// <param name="keypoints">Number of keypoints.</param>
    /// <param name="map">Size of the maps.</param>
    /// <param name="input">Size of the crops.</param>
    /// <returns>The keypoints; null if there is no way to write this decoder as ONNX nodes.</returns>
    public static OnnxKeypoints? Add(
        IPoseDecoder decoder, IReadOnlyDictionary<string, OnnxValue> maps, int keypoints, ImageSize map, ImageSize input)
    {
        var heatmaps = maps[NetworkGraph.Heatmaps];
        return decoder switch
        {
            OfficialHeatmapDecoder official => OnnxOfficialDecoding.Read(official, heatmaps, map, input),
            MmposeHeatmapDecoder mmpose => OnnxMmposeDecoding.Read(mmpose, heatmaps, map, input),
            MaximumHeatmapDecoder maximum => OnnxMaximumDecoding.Read(maximum, heatmaps, map, input),
            HoughVotingDecoder voting when maps.TryGetValue(PoseExtra.Offsets, out var offsets) =>
                OnnxVoting.Read(voting, heatmaps, offsets, keypoints, map, input),
            _ => null,
        };
    }
}
