using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Moves maps from tensors to arrays and between precisions.</summary>
internal static class MapValues
{
    /// <summary>A tensor's values in double precision, row by row, whatever its type, device and layout.</summary>
    public static double[] Of(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return maps.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray(); // some devices have no double precision
    }

    /// <summary>Copies single or double precision into double precision.</summary>
    public static void Widen<T>(ReadOnlySpan<T> source, Span<double> target)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            MemoryMarshal.Cast<T, double>(source).CopyTo(target);
            return;
        }
        var singles = MemoryMarshal.Cast<T, float>(source);
        ref var from = ref MemoryMarshal.GetReference(singles);
        ref var to = ref MemoryMarshal.GetReference(target[..singles.Length]);
        var i = 0;
        for (; i <= singles.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref Unsafe.Add(ref from, i)), out var low, out var high);
            low.StoreUnsafe(ref Unsafe.Add(ref to, i));
            high.StoreUnsafe(ref Unsafe.Add(ref to, i + Vector<double>.Count));
        }
        for (; i < singles.Length; i++)
        {
            target[i] = singles[i];
        }
    }
}
