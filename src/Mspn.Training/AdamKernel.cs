using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Adam in one pass through memory, where <see cref="AdamMove.WithTensors"/> takes a dozen. For single and double precision in the processor's own memory.
/// </summary>
internal static class AdamKernel
{
    // Elements that a thread takes at a time.
    private const int Portion = 1 << 16;

    /// <summary>Whether it can do a move.</summary>
    public static bool Takes(AdamMove move) =>
        move.Weight is { device_type: TorchSharp.DeviceType.CPU, dtype: ScalarType.Float32 or ScalarType.Float64 }
        && move.Weight.numel() * move.Weight.ElementSize is > 0 and <= int.MaxValue
        && InMemoryOrder(move.Weight).is_contiguous() && IsLaidOutAs(move.Mean, move.Weight) && IsLaidOutAs(move.Square, move.Weight);

    /// <summary>Does moves; the result does not depend on the number of threads.</summary>
    public static void Run(IReadOnlyList<AdamMove> moves, int threads)
    {
        var portions = new List<(Pointers Where, bool Single, int Start, int Count, AdamNumbers Numbers)>();
        foreach (var move in moves)
        {
            var gradient = IsLaidOutAs(move.Gradient, move.Weight) ? move.Gradient : empty_like(move.Weight).copy_(move.Gradient);
            var where = new Pointers(Pointer(move.Weight), Pointer(gradient), Pointer(move.Mean), Pointer(move.Square));
            var count = (int)move.Weight.numel();
            for (var start = 0; start < count; start += Portion)
            {
                portions.Add((where, move.Weight.dtype == ScalarType.Float32, start, Math.Min(Portion, count - start), move.Numbers));
            }
        }
        if (threads == 1 || portions.Count < 2)
        {
            portions.ForEach(Do);
        }
        else
        {
            Parallel.ForEach(portions, new ParallelOptions { MaxDegreeOfParallelism = threads }, Do);
        }
        GC.KeepAlive(moves);

        static void Do((Pointers Where, bool Single, int Start, int Count, AdamNumbers Numbers) portion)
        {
            if (portion.Single)
            {
                Pass<float>(portion.Where, portion.Start, portion.Count, portion.Numbers);
            }
            else
            {
                Pass<double>(portion.Where, portion.Start, portion.Count, portion.Numbers);
            }
        }
    }

    private static Tensor InMemoryOrder(Tensor tensor) => tensor.dim() == 4 && !tensor.is_contiguous() ? tensor.permute(0, 2, 3, 1) : tensor;

    // Dimensions of size 1 have strides without meaning.
    private static bool IsLaidOutAs(Tensor tensor, Tensor other)
    {
        if (tensor.dtype != other.dtype || tensor.device_type != other.device_type)
        {
            return false;
        }
        var (shape, strides, others) = (other.shape, tensor.stride(), other.stride());
        return Enumerable.Range(0, shape.Length).All(i => shape[i] == 1 || strides[i] == others[i]);
    }

    private static unsafe nint Pointer(Tensor tensor) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(InMemoryOrder(tensor).bytes));

    private static unsafe void Pass<T>(Pointers where, int start, int count, AdamNumbers numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var weight = (T*)where.Weight + start;
        var gradient = (T*)where.Gradient + start;
        var mean = (T*)where.Mean + start;
        var square = (T*)where.Square + start;
        var (rate, correction) = (T.CreateTruncating(numbers.Rate), T.CreateTruncating(numbers.Correction));
        var (factor, decay, offset) = (T.CreateTruncating(numbers.GradientFactor), T.CreateTruncating(numbers.WeightDecay), T.CreateTruncating(Adam.Epsilon));
        var (decay1, gain1) = (T.CreateTruncating(Adam.Beta1), T.CreateTruncating(1 - Adam.Beta1));
        var (decay2, gain2) = (T.CreateTruncating(Adam.Beta2), T.CreateTruncating(1 - Adam.Beta2));
        var i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            var w = Vector512.Load(weight + i);
            var g = Vector512.Load(gradient + i) * factor + w * decay;
            var m = Vector512.Load(mean + i) * decay1 + g * gain1;
            var v = Vector512.Load(square + i) * decay2 + g * g * gain2;
            m.Store(mean + i);
            v.Store(square + i);
            (w + m / (Vector512.Sqrt(v) / Vector512.Create(correction) + Vector512.Create(offset)) * rate).Store(weight + i);
        }
        for (; i < count; i++)
        {
            var g = gradient[i] * factor + weight[i] * decay;
            mean[i] = mean[i] * decay1 + g * gain1;
            square[i] = square[i] * decay2 + g * g * gain2;
            weight[i] += mean[i] / (T.Sqrt(square[i]) / correction + offset) * rate;
        }
    }

    private readonly record struct Pointers(nint Weight, nint Gradient, nint Mean, nint Square);
}
