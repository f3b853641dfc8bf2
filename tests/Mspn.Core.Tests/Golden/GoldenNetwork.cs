using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

/// <summary>Compares a network with the recorded outputs, counts and names of a reference implementation.</summary>
internal static class GoldenNetwork
{
    /// <summary>Fills the network as the reference was filled, runs it, and compares everything that the file records.</summary>
    /// <param name="golden">The file.</param>
    /// <param name="network">The network; not disposed.</param>
    /// <param name="keys">The reference's names.</param>
    /// <param name="outputs">What the reference calls its outputs, computed for images.</param>
    public static void OutputsShouldAgree(
        GoldenCase golden, MultiStageNetwork network, KeyMap keys, Func<Tensor, IReadOnlyDictionary<string, Tensor>> outputs)
    {
        var json = golden.Json;
        SeededFill.Fill(network, name => Name(keys, name), json.GetProperty("seed").GetUInt64(), json.Number("fill_numerator"));
        network.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var input = json.GetProperty("inputs")[0];
        var images = SeededFill.Input(input.Text("key"), json.GetProperty("seed").GetUInt64(), [.. input.Numbers("shape").Select(d => (long)d)]);
        if (json.GetProperty("config").TryGetProperty("input_layout", out var layout) && layout.GetString() == "NHWC")
        {
            images = images.permute(0, 3, 1, 2).contiguous();
        }

        var parts = outputs(images);
        var tensors = golden.Tensors;
        foreach (var output in json.GetProperty("outputs").EnumerateObject())
        {
            parts.Should().ContainKey(output.Name);
            Check(parts[output.Name], output, tensors.Doubles(output.Name));
        }
        // The shorter way to the final maps gives the same numbers.
        network.PredictFinal(images).Final.allclose(network.Predict(images).Final, rtol: 0, atol: 0).Should().BeTrue();
    }

    /// <summary>Parameters, tensors, multiply-adds and names are the reference's.</summary>
    public static void CountsShouldAgree(GoldenCase golden, MultiStageNetwork network, KeyMap keys)
    {
        var json = golden.Json;
        var counts = json.GetProperty("counts");
        var weights = NetworkWeights.Of(network);
        var unused = keys.Unused.Sum(u => u.Shape.Aggregate(1L, (a, b) => a * b));
        (network.parameters().Sum(p => p.numel()) + unused).Should().Be(counts.GetProperty("parameters").GetInt64());
        (weights.Count + keys.Unused.Count).Should().Be(counts.Int("state_dict_keys"));
        (weights.Values.Sum(t => t.numel()) + unused).Should().Be(counts.GetProperty("state_dict_elements").GetInt64());
        var input = json.GetProperty("inputs")[0].Numbers("shape");
        var nhwc = input[^1] == 3;
        var size = nhwc ? new ImageSize((int)input[1], (int)input[2]) : new ImageSize((int)input[2], (int)input[3]);
        NetworkSummary.Of(network, size).MultiplyAdds.Should().Be(json.GetProperty("macs_batch1").GetProperty("total").GetInt64());
        var lines = weights
            .Select(p => $"{Name(keys, p.Key)} {(p.Value.dtype == ScalarType.Int64 ? "int64" : "float32")} {string.Join(',', p.Value.shape)}\n")
            .Concat(keys.Unused.Select(u => $"{u.Name} float32 {string.Join(',', u.Shape)}\n"))
            .Order(StringComparer.Ordinal);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)))).Should().Be(json.Text("keys_sha256"));
        foreach (var name in weights.Keys)
        {
            keys.Ours(Name(keys, name)).Should().Be(name, "a map leads back");
        }
    }

    private static string Name(KeyMap keys, string ours) => keys.Theirs(ours) ?? throw new ArgumentException($"{keys} has no name for '{ours}'.");

    private static void Check(Tensor actual, JsonProperty expected, double[] stored)
    {
        var info = expected.Value;
        actual.shape.Should().Equal(info.Numbers("shape").Select(d => (long)d), expected.Name);
        var stride = info.TryGetProperty("stride", out var s) ? s.GetInt32() : 1;
        var values = actual.Doubles();
        var tolerance = info.GetProperty("err_vs_float64").Number("recommended_atol");
        var sampled = values.Where((_, i) => i % stride == 0).ToArray();
        Differences.Largest(sampled, stored, expected.Name).Should().BeLessThanOrEqualTo(tolerance, expected.Name);
        values.Average().Should().BeApproximately(info.Number("mean"), tolerance, expected.Name);
        values.Max().Should().BeApproximately(info.Number("max"), tolerance, expected.Name);
        values.Min().Should().BeApproximately(info.Number("min"), tolerance, expected.Name);
    }
}
