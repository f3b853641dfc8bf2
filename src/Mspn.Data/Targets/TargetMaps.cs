using Mspn.Core;

namespace Mspn.Data;

internal static class TargetMaps
{
    /// <summary>Checks the room for targets.</summary>
    public static void CheckLength(int length, int kernels, int keypoints, ImageSize map)
    {
        var needed = kernels * keypoints * map.Height * map.Width;
        if (length != needed)
        {
            throw new ArgumentException($"{kernels} × {keypoints} maps of {map} need {needed} values, not {length}.", "target");
        }
    }
}
