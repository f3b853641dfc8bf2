using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mspn")]
public class MspnGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("mspn", "", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_output_of_the_official_network_is_reproduced(string? file)
    {
        var golden = Goldens.Case(file);
        var json = golden.Json;
        using var network = GoldenMspn.Build(json.GetProperty("config"));
        SeededFill.Fill(network, OfficialKeys.Of, json.GetProperty("seed").GetUInt64(), json.Number("fill_numerator"));
        network.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var input = json.GetProperty("inputs")[0];
        var images = SeededFill.Input(input.Text("key"), golden.Seed, [.. input.Numbers("shape").Select(d => (long)d)]);

        var parts = GoldenMspn.NamedOutputs(network, images);
        var tensors = golden.Tensors;
        foreach (var output in json.GetProperty("outputs").EnumerateObject())
        {
            parts.Should().ContainKey(output.Name);
            Check(parts[output.Name], output, tensors.Doubles(output.Name));
        }
        // The shorter way to the final map gives the same numbers.
        network.PredictFinal(images).allclose(parts["final"], rtol: 0, atol: 0).Should().BeTrue();
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_official_ones(string? file)
    {
        var golden = Goldens.Case(file);
        var json = golden.Json;
        using var network = GoldenMspn.Build(json.GetProperty("config"));
        var counts = json.GetProperty("counts");
        var weights = NetworkWeights.Of(network);
        network.parameters().Sum(p => p.numel()).Should().Be(counts.GetProperty("parameters").GetInt64());
        weights.Should().HaveCount(counts.Int("state_dict_keys"));
        weights.Values.Sum(t => t.numel()).Should().Be(counts.GetProperty("state_dict_elements").GetInt64());
        NetworkSummary.Of(network).MultiplyAdds.Should().Be(json.GetProperty("macs_batch1").GetProperty("total").GetInt64());
        KeysHash(weights).Should().Be(json.Text("keys_sha256"));
    }

    private static void Check(Tensor actual, JsonProperty expected, double[] stored)
    {
        var info = expected.Value;
        actual.shape.Should().Equal(info.Numbers("shape").Select(d => (long)d), expected.Name);
        var stride = info.TryGetProperty("stride", out var s) ? s.GetInt32() : 1;
        var values = actual.to(ScalarType.Float64).flatten().data<double>().ToArray();
        var tolerance = info.GetProperty("err_vs_float64").Number("recommended_atol");
        var sampled = values.Where((_, i) => i % stride == 0).ToArray();
        sampled.Should().HaveCount(stored.Length, expected.Name);
        sampled.Zip(stored, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThanOrEqualTo(tolerance, expected.Name);
        values.Average().Should().BeApproximately(info.Number("mean"), tolerance, expected.Name);
        values.Max().Should().BeApproximately(info.Number("max"), tolerance, expected.Name);
        values.Min().Should().BeApproximately(info.Number("min"), tolerance, expected.Name);
    }

    private static string KeysHash(IReadOnlyDictionary<string, Tensor> weights)
    {
        var lines = weights
            .Select(p => $"{OfficialKeys.Of(p.Key)} {(p.Value.dtype == ScalarType.Int64 ? "int64" : "float32")} {string.Join(',', p.Value.shape)}\n")
            .Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
