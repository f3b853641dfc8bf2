using System.Numerics;
using System.Runtime.InteropServices;
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
    /// <param name="maps">Contiguous float32 or float64 on the CPU.</param>
    /// <param name="start">The first number of the tensor to copy.</param>
    /// <param name="target">How many, and where to.</param>
    public static void Copy(Tensor maps, int start, Span<double> target)
    {
        if (maps.dtype == ScalarType.Float64)
        {
            MemoryMarshal.Cast<byte, double>(maps.bytes).Slice(start, target.Length).CopyTo(target);
            return;
        }
        ReadOnlySpan<float> source = MemoryMarshal.Cast<byte, float>(maps.bytes).Slice(start, target.Length);
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
