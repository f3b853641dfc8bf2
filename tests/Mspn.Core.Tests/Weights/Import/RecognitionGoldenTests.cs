using System.Text.Json;

namespace Mspn.Core.Tests.Weights.Import;

/// <summary>Recognises the reference's networks by the lists of their keys.</summary>
[Trait("Category", "Golden")]
[Trait("Area", "mapping")]
public class RecognitionGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows(new[] { "mspn", "rsn", "mmpose", "hourglass", "cpn", "simplebaseline", "openpose" }
        .SelectMany(area => Goldens.Find(area, string.Empty, ".safetensors"))
        .Where(g => g.Entry.TryGetProperty("meta", out _) && g.Json.TryGetProperty("keys_file", out _)));

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_network_is_recognised_and_every_tensor_fits(string? file)
    {
        var golden = Goldens.Case(file);
        var json = golden.Json;
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var weights = Names(golden.Beside(json.Text("keys_file")));

        var found = RecognizedNetwork.Of(weights);

        found.Should().NotBeNull();
        using var network = found!.Options.BuildWithoutValues();
        var report = WeightImport.Check(network.Module, weights, found.Keys);
        report.Fits.Should().BeTrue(report.ToString());
        report.FoldedBiases.Concat(report.ZeroedBiases).Concat(report.ZeroedCounters).Concat(report.Untouched).Should().BeEmpty();
        network.Module.parameters().Sum(p => p.numel()).Should().Be(
            json.GetProperty("counts").GetProperty("parameters").GetInt64() - found.Keys.Unused.Sum(u => u.Shape.Aggregate(1L, (a, b) => a * b)));
    }

    private static WeightFile Names(string keysFile) => MemoryWeights.Of(Goldens.ReadJson(keysFile).EnumerateArray()
        .Select(key => (key[0].GetString()!, key[1].Numbers().Select(d => (long)d).ToArray())));
}
