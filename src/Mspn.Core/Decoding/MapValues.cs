using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

internal static class MapValues
{
    /// <summary>A tensor's values in double precision, row by row, whatever its type, device and layout.</summary>
    public static double[] Of(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return maps.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    /// <summary>Copies values into double precision.</summary>
    public static void Widen(ReadOnlySpan<float> source, Span<double> target)
    {
        var i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(source[i..]), out var low, out var high);
            low.CopyTo(target[i..]);
            high.CopyTo(target[(i + Vector<double>.Count)..]);
        }
        for (; i < source.Length; i++)
        {
            target[i] = source[i];
        }
    }
}
