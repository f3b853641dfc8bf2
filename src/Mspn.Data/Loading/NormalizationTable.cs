using Mspn.Core;

namespace Mspn.Data;

/// <summary>Normalises rows of pixels: the values of all 256 bytes for each input channel, and which colour each channel reads. Immutable.</summary>
internal sealed class NormalizationTable
{
    private const int Bytes = 256;

    private readonly float[][] _values;
    private readonly int[] _colors;

    public NormalizationTable(ImageNormalization normalization)
    {
        normalization.Validated();
        _values = [.. Enumerable.Range(0, 3).Select(
            c => Enumerable.Range(0, Bytes).Select(v => (v / 255f - normalization.Mean[c]) / normalization.Std[c]).ToArray())];
        _colors = normalization.Order == ChannelOrder.Bgr ? [2, 1, 0] : [0, 1, 2];
    }

    /// <summary>What a byte becomes in a channel.</summary>
    public float ValueOf(byte value, int channel) => _values[channel][value];

    /// <summary>Normalises a row.</summary>
    /// <param name="pixels"><c>[W, 3]</c>, R first.</param>
    /// <param name="planes">The input, <c>[3, H, W]</c>.</param>
    /// <param name="start">Where the row begins in the first plane.</param>
    public void WriteRow(ReadOnlySpan<byte> pixels, Span<float> planes, int start)
    {
        var (area, width) = (planes.Length / 3, pixels.Length / 3);
        for (var c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> table = _values[c].AsSpan(0, Bytes);
            var row = planes.Slice(c * area + start, width);
            for (int x = 0, b = _colors[c]; x < row.Length; x++, b += 3)
            {
                row[x] = table[pixels[b]];
            }
        }
    }
}
