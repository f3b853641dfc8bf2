using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What a weight file says of one tensor; each kind of file adds where its numbers are.</summary>
internal abstract class WeightEntry(ScalarType type, long[] shape)
{
    // PyTorch's own limit.
    private const int MaximumDimensions = 64;

    public ScalarType Type { get; } = type;

    public long[] Shape { get; } = shape;

    /// <summary>The bytes that a tensor takes, or null if there can be no such tensor.</summary>
    public static long? Bytes(ScalarType type, IReadOnlyList<long> shape)
    {
        if (shape.Count > MaximumDimensions)
        {
            return null;
        }
        // Zeros are left out at first: torch refuses an empty tensor whose other dimensions are too large.
        Int128 bytes = WeightTypes.Size(type);
        foreach (var dimension in shape)
        {
            bytes *= Math.Max(1, dimension);
            if (dimension < 0 || bytes > long.MaxValue)
            {
                return null;
            }
        }
        return shape.Contains(0) ? 0 : (long)bytes;
    }
}
