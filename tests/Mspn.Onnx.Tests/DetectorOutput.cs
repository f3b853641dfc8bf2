using Mspn.Core;

namespace Mspn.Onnx.Tests;

/// <summary>Outputs of a YOLOX detector with two classes and an input of 64×96: 96 cells of 8 pixels, 24 of 16, 6 of 32.</summary>
internal static class DetectorOutput
{
    public const int Attributes = 7;
    public const int Cells = 126;

    public static readonly ImageSize Input = new(64, 96);
    public static readonly int[] Shape = [1, Cells, Attributes];

    /// <summary>Every cell's box is one cell around its middle, and nobody is there.</summary>
    public static float[] Empty(DetectorBoxes kind)
    {
        var output = new float[Cells * Attributes];
        var i = 0;
        foreach (var stride in new[] { 8, 16, 32 })
        {
            for (var y = 0; y < Input.Height; y += stride)
            {
                for (var x = 0; x < Input.Width; x += stride)
                {
                    float[] box = kind == DetectorBoxes.Cells ? [0.5f, 0.5f, 0, 0] : [x + stride / 2f, y + stride / 2f, stride, stride];
                    box.CopyTo(output, i);
                    i += Attributes;
                }
            }
        }
        return output;
    }

    /// <summary>Puts numbers into a cell's row.</summary>
    public static float[] With(this float[] output, int cell, params float[] values)
    {
        values.CopyTo(output, cell * Attributes);
        return output;
    }
}
