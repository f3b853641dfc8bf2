using Mspn.Core;

namespace Mspn.Data;

/// <summary>Normalised values of all 256 bytes for each input channel, and which colour each channel reads.</summary>
internal static class NormalizationTable
{
    public static (float[][] Values, int[] Channel) Build(ImageNormalization normalization)
    {
        if (normalization.Mean.Count != 3 || normalization.Std.Count != 3 || normalization.Std.Any(s => !(s > 0)))
        {
            throw new ArgumentException("Normalisation needs three means and three positive standard deviations.", nameof(normalization));
        }
        var values = new float[3][];
        for (var c = 0; c < 3; c++)
        {
            values[c] = new float[256];
            for (var v = 0; v < 256; v++)
            {
                values[c][v] = (v / 255f - normalization.Mean[c]) / normalization.Std[c];
            }
        }
        return (values, normalization.Order == ChannelOrder.Bgr ? [2, 1, 0] : [0, 1, 2]);
    }
}
