using System.Numerics;

namespace Mspn.Core;

/// <summary>
/// The official MSPN decoding (<c>get_results</c> in <c>exps/*/test.py</c>): blur on a zero border of 10, take the maximum, move a quarter of
/// a pixel towards the next largest value anywhere on the map, clip, and map cell <c>x</c> to pixel <c>x·s + s/2</c> for a stride of s.
/// </summary>
/// <remarks>
/// <para>The score is the <em>unblurred</em> value at the rounded final position, divided by the peak, plus 0.5.</para>
/// <para>How far it gets above 0.5 also tells how long the network was trained: a <see cref="HeatmapHead"/> ends in a normalisation whose weight begins at 1 and
/// moves by about the learning rate in each step. After 6,000 steps at rates of up to 0.002 it was 5.7, and scores were from 0.53 to 0.85. They compare
/// keypoints of one network, not networks.</para>
/// </remarks>
public sealed class OfficialHeatmapDecoder : HeatmapDecoder
{
    internal const int DefaultKernel = 5;

    internal const int Border = 10;
    internal const double BaseScore = 0.5;

    // Between the largest values, from which on there is a direction.
    internal const double LeastDistance = 1e-3;

    /// <summary>Size of the blur, odd. Default 5 (COCO); the official MPII configuration uses 9.</summary>
    public int Kernel { get; init => field = GaussianKernel.CheckedSize(value, nameof(Kernel)); } = DefaultKernel;

    /// <summary>Steps, in heat-map cells, towards the next largest values in turn. Default one step of 0.25.</summary>
    public IReadOnlyList<double> Shifts { get; init; } = [0.25];

    /// <inheritdoc />
    protected override KeypointPrediction[] DecodeImage(PersonMaps maps, ImageSize inputSize)
    {
        using var blurred = BlurredMap.WithBorder(maps.Size, Kernel, Border);
        var result = new KeypointPrediction[maps.Count];
        for (var k = 0; k < result.Length; k++)
        {
            result[k] = maps.IsDouble
                ? Decode(maps.Stored<double>(k), maps.Size, blurred, inputSize)
                : Decode(maps.Stored<float>(k), maps.Size, blurred, inputSize);
        }
        return result;
    }

    private KeypointPrediction Decode<T>(ReadOnlySpan<T> map, ImageSize size, BlurredMap blurred, ImageSize inputSize)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        blurred.Blur(map, maxima: 1 + Shifts.Count);
        var (x, y) = Locate(blurred);
        x = Math.Max(0, Math.Min(x, size.Width - 1));
        y = Math.Max(0, Math.Min(y, size.Height - 1));
        // Math.Round halves to even, as the reference's round does.
        var value = double.CreateTruncating(map[(int)Math.Round(y) * size.Width + (int)Math.Round(x)]);
        var strideX = (double)inputSize.Width / size.Width;
        var strideY = (double)inputSize.Height / size.Height;
        return new KeypointPrediction(x * strideX + strideX / 2, y * strideY + strideY / 2, value / Peak + BaseScore);
    }

    private (double X, double Y) Locate(BlurredMap map)
    {
        (double x, double y) = map.TakeMaximum();
        foreach (var shift in Shifts)
        {
            var (nextX, nextY) = map.TakeMaximum();
            var (dx, dy) = (nextX - x, nextY - y);
            var distance = Math.Sqrt(dx * dx + dy * dy);
            if (distance > LeastDistance)
            {
                x += shift * dx / distance;
                y += shift * dy / distance;
            }
        }
        return (x, y);
    }
}
