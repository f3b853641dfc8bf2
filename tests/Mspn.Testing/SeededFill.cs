using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Testing;

/// <summary>The seeded numbers that the reference implementations were filled with (goldens/README.md).</summary>
public sealed class SeededFill
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _state;

    public SeededFill(string key, ulong seed)
    {
        Hash = Fnv1a(key);
        _state = Hash ^ unchecked(seed * Golden);
    }

    public ulong Hash { get; }

    public ulong State => _state;

    public ulong Bits(long index)
    {
        var z = unchecked(_state + (ulong)(index + 1) * Golden);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>r in [−1, 1), exact in single precision.</summary>
    public float Signed(long index) => 2 * ((Bits(index) >> 40) * (1f / (1 << 24))) - 1;

    /// <summary>Uniform in [0, 1), double precision.</summary>
    public double Uniform(long index) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    public byte Byte(long index) => (byte)(Bits(index) >> 56);

    public float[] SignedArray(long count) => Array(count, Signed);

    public byte[] ByteArray(long count) => Array(count, Byte);

    /// <summary>The value of a parameter or buffer, by the rules for its key.</summary>
    public static float[] Parameter(string key, IReadOnlyList<long> shape, ulong seed, double numerator = 3)
    {
        var fill = new SeededFill(key, seed);
        var count = shape.Aggregate(1L, (a, b) => a * b);
        if (key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
        {
            return new float[count];
        }
        if (key.EndsWith("running_mean", StringComparison.Ordinal) || key.EndsWith(".bias", StringComparison.Ordinal))
        {
            return Array(count, i => 0.1f * fill.Signed(i));
        }
        if (key.EndsWith("running_var", StringComparison.Ordinal))
        {
            return Array(count, i => 1 + 0.5f * fill.Signed(i));
        }
        if (shape.Count == 1 && key.EndsWith(".weight", StringComparison.Ordinal))
        {
            return Array(count, i => 1 + 0.25f * fill.Signed(i));
        }
        var scale = (float)Math.Sqrt(numerator / shape.Skip(1).Aggregate(1L, (a, b) => a * b));
        return Array(count, i => fill.Signed(i) * scale);
    }

    /// <summary>Fills a module's parameters and buffers in place.</summary>
    /// <param name="module">The module.</param>
    /// <param name="keyOf">The reference's name for each of ours.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="numerator">N of the rule for weights.</param>
    public static void Fill(nn.Module module, Func<string, string> keyOf, ulong seed, double numerator = 3)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in Mspn.Core.NetworkWeights.Of(module))
        {
            target.copy_(tensor(Parameter(keyOf(name), target.shape, seed, numerator), target.shape));
        }
    }

    /// <summary>An input: r of the key. It belongs to the caller's dispose scope.</summary>
    public static Tensor Input(string key, ulong seed, params long[] shape) =>
        tensor(new SeededFill(key, seed).SignedArray(shape.Aggregate(1L, (a, b) => a * b)), shape);

    private static T[] Array<T>(long count, Func<long, T> value)
    {
        var result = new T[count];
        for (var i = 0L; i < count; i++)
        {
            result[i] = value(i);
        }
        return result;
    }

    private static ulong Fnv1a(string text)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 0x100000001b3);
        }
        return hash;
    }
}
