namespace Mspn.Core;

/// <summary>
/// Where the pixels of a resized line come from: four neighbours each and their weights, with the arithmetic of OpenCV's
/// <c>INTER_CUBIC</c> (A = −0.75, single precision, edge pixels repeated).
/// </summary>
internal sealed class CubicAxis
{
    /// <summary>Source pixels that make up one target pixel.</summary>
    public const int Taps = 4;

    private const float A = -0.75f;

    /// <summary>Works out a line.</summary>
    /// <param name="source">Its length.</param>
    /// <param name="target">Length of the resized line.</param>
    /// <param name="step">Source pixels per target pixel.</param>
    public CubicAxis(int source, int target, double step)
    {
        Index = new int[target * Taps];
        Weight = new float[target * Taps];
        for (var i = 0; i < target; i++)
        {
            var position = (float)((i + 0.5) * step - 0.5);
            var whole = (int)MathF.Floor(position);
            Weigh(position - whole, Weight.AsSpan(i * Taps, Taps));
            for (var t = 0; t < Taps; t++)
            {
                Index[i * Taps + t] = Math.Clamp(whole - 1 + t, 0, source - 1);
            }
        }
    }

    /// <summary>For each target pixel, the four source pixels.</summary>
    public int[] Index { get; }

    /// <summary>For each target pixel, their weights.</summary>
    public float[] Weight { get; }

    private static void Weigh(float x, Span<float> weights)
    {
        weights[0] = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
        weights[1] = ((A + 2) * x - (A + 3)) * x * x + 1;
        weights[2] = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
        weights[3] = 1 - weights[0] - weights[1] - weights[2];
    }
}
