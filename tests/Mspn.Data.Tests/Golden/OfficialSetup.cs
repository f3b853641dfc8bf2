using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

/// <summary>What the official code's <c>dataset/attribute.py</c> says of the data set that a case names.</summary>
internal sealed record OfficialSetup(KeypointSchema Schema, CropAugmentation Augmentation, PoseInput Input, ImageSize InputSize)
{
    public static OfficialSetup Of(JsonElement golden)
    {
        var setup = golden.Text("dataset") switch
        {
            "COCO" => new OfficialSetup(
                KeypointSchemas.Coco17, CropAugmentation.OfficialCoco, new PoseInput(), new ImageSize(256, 192)),
            "MPII" => new OfficialSetup(
                KeypointSchemas.Mpii16, CropAugmentation.OfficialMpii, new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25 }, new ImageSize(256, 256)),
            var other => throw new ArgumentException($"The official code has no data set '{other}'."),
        };
        return golden.TryGetProperty("input_shape", out _) ? setup with { InputSize = golden.Size("input_shape") } : setup;
    }
}

internal static class GoldenGeometry
{
    private const float PixelsPerScale = 200;

    public static ImageSize Size(this JsonElement golden, string heightAndWidth)
    {
        var size = golden.Numbers(heightAndWidth);
        return new ImageSize((int)size[0], (int)size[1]);
    }

    /// <summary>A region from the reference's centre and scale, the latter multiplied in the precision that the reference had it in.</summary>
    public static CropRegion Region(double[] center, double[] scale, double rotation, bool single) => single
        ? new CropRegion((float)center[0], (float)center[1], (float)scale[0] * PixelsPerScale, (float)scale[1] * PixelsPerScale, rotation)
        : new CropRegion(center[0], center[1], scale[0] * PixelsPerScale, scale[1] * PixelsPerScale, rotation);

    public static Keypoint[] Keypoints(double[][] points, double[] visibility) =>
        [.. points.Zip(visibility, (p, v) => new Keypoint(p[0], p[1], (float)v))];
}
