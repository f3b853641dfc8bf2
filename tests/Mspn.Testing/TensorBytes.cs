using FluentAssertions;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Testing;

/// <summary>Tensors as plain values, for exact comparison.</summary>
public static class TensorBytes
{
    public static byte[] Bytes(this Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return [];
        }
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().bytes.ToArray();
    }

    public static float[] Floats(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    public static double[] Doubles(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        // TorchSharp's accessor cannot be made of no numbers.
        return tensor.numel() == 0 ? [] : tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Copies of a module's parameters and buffers.</summary>
    public static Dictionary<string, byte[]> Snapshot(nn.Module module) =>
        Mspn.Core.NetworkWeights.Of(module).ToDictionary(p => p.Key, p => p.Value.Bytes());

    public static void ShouldBeSame(IReadOnlyDictionary<string, byte[]> actual, IReadOnlyDictionary<string, byte[]> expected)
    {
        var different = actual.Keys.Union(expected.Keys)
            .Where(k => !actual.TryGetValue(k, out var a) || !expected.TryGetValue(k, out var e) || !a.AsSpan().SequenceEqual(e));
        different.Should().BeEmpty();
    }
}
