using System.Globalization;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>What lists of numbers in COCO files mean, and what is said of those that mean nothing.</summary>
internal static class CocoValues
{
    /// <summary>Keypoints from x, y, v for each.</summary>
    public static Keypoint[] Keypoints(List<double> numbers)
    {
        var keypoints = numbers.Count == 0 ? [] : new Keypoint[numbers.Count / 3];
        for (var k = 0; k < keypoints.Length; k++)
        {
            keypoints[k] = new Keypoint(numbers[3 * k], numbers[3 * k + 1], (float)numbers[3 * k + 2]);
        }
        return keypoints;
    }

    /// <summary>The box of four numbers; null if there are more or fewer.</summary>
    public static Box? Box(List<double> numbers) => numbers is [var x, var y, var width, var height] ? new Box(x, y, width, height) : null;

    /// <summary>That a list of numbers is no box.</summary>
    public static string NoUsableBox(IEnumerable<double> numbers) => "has no usable bbox [x, y, width, height]: "
        + $"[{string.Join(", ", numbers.Take(8).Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}]";

    /// <summary>That a box has no area.</summary>
    public static string NoUsableBox(Box box) =>
        box == default ? NoUsableBox([]) : NoUsableBox([box.X, box.Y, box.Width, box.Height]);

    /// <summary>That a box and its image have nothing in common.</summary>
    public static string OutsideImage(Box box, CocoImageInfo image) =>
        $"has its box {box} outside its image ({image.FileName}, {image.Size!.Value.Width} wide, {image.Size.Value.Height} high)";

    /// <summary>That somebody has another number of keypoints than they should.</summary>
    public static string WrongCount(int keypoints, string owner, int needed) =>
        $"has {3 * keypoints} keypoint numbers, but {owner} needs {3 * needed} (x, y, v for each of {needed})";
}
