using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "ckpt")]
public class CheckpointGoldenTests
{
    // Sums in another order differ in the last digits; single numbers must be equal.
    private const double SumTolerance = 1e-12;

    public static IEnumerable<object?[]> Files => Rows(_ => true);

    public static IEnumerable<object?[]> WithValues => Rows(e => e.TryGetProperty("iteration", out _) || e.TryGetProperty("meta_json", out _));

    public static IEnumerable<object?[]> Networks => Rows(e => e.TryGetProperty("forward", out _));

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_tensor_is_what_PyTorch_saved(string? file)
    {
        var golden = Goldens.Case(file);
        var tensors = Expected(golden).GetProperty("tensors").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        using var weights = WeightFile.Open(golden.FullPath);
        weights.Names.Should().BeEquivalentTo(tensors.Keys);
        foreach (var (name, expected) in tensors)
        {
            using var scope = NewDisposeScope();
            var read = weights.Read(name);
            weights.Type(name).Should().Be(Type(expected[0].GetString()!), "{0} has it", name);
            read.dtype.Should().Be(weights.Type(name));
            read.shape.Should().Equal(expected[1].Numbers().Select(n => (long)n)).And.Equal(weights.Shape(name));
            read.is_contiguous().Should().BeTrue();
            var values = read.Doubles();
            values.Take(4).Should().Equal(expected[4].Numbers(), "{0} begins so", name);
            SumShouldBe(values.Sum(), expected[2].Number(), name);
            SumShouldBe(values.Sum(Math.Abs), expected[3].Number(), name);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(WithValues))]
    public void Values_beside_the_tensors_are_what_PyTorch_saved(string? file)
    {
        var golden = Goldens.Case(file);
        using var checkpoint = PytorchFile.Open(golden.FullPath);
        foreach (var (name, path) in new[] { ("iteration", "iteration"), ("meta_json", "meta") })
        {
            if (Expected(golden).TryGetProperty(name, out var expected))
            {
                var values = JsonSerializer.SerializeToElement(checkpoint.Value(path));
                JsonElement.DeepEquals(values, expected).Should().BeTrue("{0} should be {1}", values, expected);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_layout_finds_the_networks_tensors(string? file)
    {
        var golden = Goldens.Case(file);
        using var weights = WeightFile.Open(golden.FullPath);
        var layout = CheckpointLayout.Of(weights);
        layout.Weights.Names.Should().NotBeEmpty().And.OnlyContain(n => !n.StartsWith("module.") && !n.Contains('/'));
        foreach (var name in layout.Weights.Names)
        {
            using var scope = NewDisposeScope();
            layout.Weights.Read(name).Bytes().Should().Equal(weights.Read(layout.Prefix + name).Bytes());
        }
        layout.HasOptimizer.Should().Be(weights.Names.Any(n => n.StartsWith("optimizer/")));
        var top = weights.Names.Select(n => n.Split('/')[0]).ToArray();
        layout.Kind.Should().Be(
            top.Contains("state_dict") ? CheckpointKind.NamedStateDict : top.Contains("model") ? CheckpointKind.Model : CheckpointKind.StateDict);
    }

    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void A_network_with_these_weights_gives_the_references_heat_maps(string? file)
    {
        var golden = Goldens.Case(file);
        var (expected, forward) = (Expected(golden), Expected(golden).GetProperty("forward"));
        var options = Options(expected.GetProperty("model"), forward.GetProperty("input"));
        using var network = options.BuildWithoutValues();
        using var checkpoint = WeightFile.Open(golden.FullPath);
        var (map, weights) = (PyramidKeys.Mmpose(options), CheckpointLayout.Of(checkpoint).Weights);
        NetworkWeights.Of(network.Module).Should().HaveCount(weights.Names.Count);
        foreach (var (name, tensor) in NetworkWeights.Of(network.Module))
        {
            weights.ReadInto(map.Theirs(name)!, tensor);
        }
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.Module.eval();
        var input = forward.GetProperty("input");
        var images = SeededFill.Input(input.Text("key"), input.GetProperty("seed").GetUInt64(), [.. input.Numbers("shape").Select(n => (long)n)]);
        var maps = network.Predict(images).Final.Floats();
        ShouldBeClose(maps.Take(16), forward.Numbers("final_heatmap_first16"));
        ShouldBeClose(maps.Where((_, i) => i % 7 == 0), forward.Numbers("final_heatmap_sample_stride7"));
    }

    private static PyramidNetworkOptions Options(JsonElement model, JsonElement input)
    {
        PyramidNetworkOptions options = model.Text("kind") == "RSN"
            ? new ResidualStepsOptions { BranchChannels = model.Int("expand_times (RSN only)") }
            : new MspnOptions();
        var size = input.Numbers("shape");
        return options with
        {
            Stages = model.Int("stages"),
            BlocksPerLevel = [.. model.Numbers("blocks").Select(n => (int)n)],
            BaseChannels = model.Int("top"),
            UpsampleChannels = model.Int("unit"),
            Keypoints = GoldenMspn.Anonymous(model.Int("K")),
            InputSize = new ImageSize((int)size[2], (int)size[3]),
            ConvolutionBias = false,
        };
    }

    private static void ShouldBeClose(IEnumerable<float> actual, double[] expected) =>
        actual.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) <= 1e-4).And.HaveCount(expected.Length);

    private static void SumShouldBe(double sum, double expected, string name)
    {
        if (double.IsFinite(expected))
        {
            sum.Should().BeApproximately(expected, SumTolerance * Math.Max(1, Math.Abs(expected)), "{0} has this sum", name);
        }
        else
        {
            sum.Should().Be(expected);
        }
    }

    private static ScalarType Type(string name) => name switch
    {
        "uint8" => ScalarType.Byte,
        _ => Enum.Parse<ScalarType>(name, ignoreCase: true),
    };

    private static JsonElement Expected(GoldenCase golden) => Goldens.ReadJson(golden.Beside(golden.Entry.Text("expected")));

    private static IEnumerable<object?[]> Rows(Func<JsonElement, bool> which) =>
        Goldens.Rows(Goldens.Find("ckpt", "", "").Where(g => g.Entry.TryGetProperty("expected", out _) && which(Expected(g))));
}
