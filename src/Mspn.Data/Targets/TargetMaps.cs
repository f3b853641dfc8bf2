using Mspn.Core;

namespace Mspn.Data;

internal static class TargetMaps
{
    /// <summary>Checks the room for targets: so many maps of each keypoint.</summary>
    public static void CheckLength(int length, int each, int keypoints, ImageSize map, string name)
    {
        var needed = each * keypoints * map.Height * map.Width;
        if (length != needed)
        {
            throw new ArgumentException($"{each} × {keypoints} maps of {map} need {needed} values, not {length}.", name);
        }
    }
}
