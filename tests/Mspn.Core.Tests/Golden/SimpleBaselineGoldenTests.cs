using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "simplebaseline")]
public class SimpleBaselineGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Networks("simplebaseline");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Encoder_and_heat_maps_are_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (SimpleBaseline)options.BuildWithoutValues();
        GoldenNetwork.OutputsShouldAgree(golden, network, BackboneKeys.SimpleBaseline(options), images => new Dictionary<string, Tensor>
        {
            ["layer4"] = network.Stages[0].Encoder.call(network.Stem.call(images), null)[^1],
            ["final"] = network.Predict(images).Final,
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Counts_and_keys_are_the_references(string? file)
    {
        var golden = Goldens.Case(file);
        var options = Options(golden.Json.GetProperty("config"));
        using var network = (SimpleBaseline)options.BuildWithoutValues();
        GoldenNetwork.CountsShouldAgree(golden, network, BackboneKeys.SimpleBaseline(options));
    }

    private static SimpleBaselineOptions Options(JsonElement config)
    {
        var count = config.Int("nd");
        var input = config.Numbers("input");
        return new SimpleBaselineOptions
        {
            Backbone = Backbone(config.Text("style"), config.Int("NUM_LAYERS")),
            Keypoints = GoldenMspn.Anonymous(config.Int("NUM_JOINTS")),
            InputSize = new ImageSize((int)input[2], (int)input[3]),
            DeconvolutionChannels = PerLayer(config, "filt", count),
            DeconvolutionKernels = PerLayer(config, "kern", count),
            DeconvolutionBias = config.GetProperty("bias").GetBoolean(),
            FinalKernel = config.Int("fk"),
        };
    }

    // The reference's "caffe" is always of bottlenecks, even at the depths of basic blocks.
    private static Backbone Backbone(string style, int depth) => style == "caffe"
        ? new Backbone(BackboneFamily.CaffeResNet, Math.Max(depth, 50)) { BlocksPerLevel = ResNetShape.OfDepth(depth).BlocksPerLevel }
        : Core.Backbone.ResNet(depth);

    // One number for all layers, or one for each.
    private static int[] PerLayer(JsonElement config, string name, int count) => config.GetProperty(name).ValueKind == JsonValueKind.Array
        ? [.. config.Numbers(name).Select(n => (int)n)]
        : [.. Enumerable.Repeat(config.Int(name), count)];
}
