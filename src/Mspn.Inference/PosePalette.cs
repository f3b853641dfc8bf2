using Mspn.Core;
using SkiaSharp;

namespace Mspn.Inference;

/// <summary>The colours of limbs and people.</summary>
internal static class PosePalette
{
    private static readonly SKColor Left = new(255, 140, 0);
    private static readonly SKColor Right = new(40, 130, 255);
    private static readonly SKColor Middle = new(60, 200, 90);

    /// <summary>The colour of the bone between two keypoints, or of one keypoint if both are the same.</summary>
    public static SKColor Of(KeypointSchema schema, int a, int b, int person, PoseColors colors)
    {
        bool Is(string side) => schema.Keypoints[a].Contains(side, StringComparison.OrdinalIgnoreCase)
            || schema.Keypoints[b].Contains(side, StringComparison.OrdinalIgnoreCase);
        var side = (Is("left"), Is("right")) switch
        {
            (true, false) => 1,
            (false, true) => -1,
            _ => 0,
        };
        if (colors == PoseColors.Sides)
        {
            return side > 0 ? Left : side < 0 ? Right : Middle;
        }
        var color = Of(person);
        return side > 0 ? Towards(color, byte.MaxValue, 0.4) : side < 0 ? Towards(color, 0, 0.35) : color;
    }

    /// <summary>A person's colour. Hues a golden angle apart stay distinct however many there are.</summary>
    public static SKColor Of(int person) => SKColor.FromHsv((float)(50 + person * 137.508) % 360, 75, 95);

    /// <summary>Black or white, whichever is better seen on a colour (by its luma, ITU-R BT.601).</summary>
    public static SKColor InkOn(SKColor color) =>
        0.299 * color.Red + 0.587 * color.Green + 0.114 * color.Blue > 110 ? SKColors.Black : SKColors.White;

    private static SKColor Towards(SKColor color, byte end, double share)
    {
        byte Mix(byte channel) => (byte)Math.Round(channel + (end - channel) * share);
        return new SKColor(Mix(color.Red), Mix(color.Green), Mix(color.Blue));
    }
}
