using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

[Trait("Category", "Golden")]
[Trait("Area", "mapping")]
public partial class MappingGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("mapping", "", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Official_names_become_mmposes_by_the_references_rules(string? file)
    {
        var json = Goldens.Case(file).Json;
        foreach (var (official, mmpose) in Pairs(json))
        {
            var rules = json.GetProperty(official is MspnOptions ? "rules_mspn" : "rules_rsn").EnumerateArray()
                .Select(rule => (Pattern: new Regex(rule.Text("official_regex")), Replacement: rule.Text("mmpose"))).ToArray();
            using var network = official.BuildWithoutValues();
            var (from, to) = (PyramidKeys.Official(official), PyramidKeys.Mmpose(mmpose));
            foreach (var ours in NetworkWeights.Of(network.Module).Keys)
            {
                var name = from.Theirs(ours)!;
                // A bias in front of a normalisation has no counterpart, and no rule.
                var rule = rules.FirstOrDefault(r => r.Pattern.IsMatch(name));
                if (rule.Pattern is not null)
                {
                    to.Theirs(from.Ours(name)!).Should().Be(Apply(rule.Pattern.Match(name), rule.Replacement), name);
                }
                else
                {
                    name.Should().EndWith(".conv.bias");
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Folded_biases_leave_all_outputs_as_they_were(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.GetProperty("tolerance").Number("relative");
        var verification = golden.Json.GetProperty("verification").EnumerateArray().ToArray();
        foreach (var (entry, (official, mmpose)) in verification.Zip(Pairs(golden.Json)))
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var biased = official.BuildWithoutValues();
            using var folded = mmpose.BuildWithoutValues();
            var keys = PyramidKeys.Official(official);
            SeededFill.Fill(biased.Module, name => keys.Theirs(name)!, entry.GetProperty("seed").GetUInt64());

            var report = WeightImport.Load(folded.Module, MemoryWeights.Of(biased.Module, keys), PyramidKeys.Official(mmpose));

            NetworkWeights.Of(biased.Module).Should().HaveCount(entry.Int("official_keys"));
            NetworkWeights.Of(folded.Module).Should().HaveCount(entry.Int("mmpose_keys"));
            report.FoldedBiases.Should().HaveCount(entry.Int("official_conv_biases_without_counterpart"));
            biased.Module.eval();
            folded.Module.eval();
            var size = entry.Numbers("input");
            var images = SeededFill.Input("input", entry.GetProperty("seed").GetUInt64(), 1, 3, (long)size[0], (long)size[1]);
            var (before, after) = (biased.Predict(images), folded.Predict(images));
            before.Heatmaps.SelectMany(s => s).Zip(after.Heatmaps.SelectMany(s => s), (a, b) => (a - b).abs().max().item<float>())
                .Should().OnlyContain(difference => difference < tolerance * entry.Number("final_maxabs"), $"{entry.Text("kind")}, {entry.Int("stages")} stages");
        }
    }

    private static IEnumerable<(PyramidNetworkOptions Official, PyramidNetworkOptions Mmpose)> Pairs(JsonElement json) =>
        json.GetProperty("verification").EnumerateArray().Select(entry =>
        {
            PyramidNetworkOptions options = entry.Text("kind") == "RSN" ? new ResidualStepsOptions() : new MspnOptions();
            options = options with
            {
                Stages = entry.Int("stages"),
                Keypoints = GoldenMspn.Anonymous(entry.Int("keypoints")),
                InputSize = GoldenMspn.Size(entry, "input"),
            };
            return (options, options with { ConvolutionBias = false });
        });

    // "\1" is a group, "{4*\1+\2-1}" a sum of products of groups and numbers.
    private static string Apply(Match match, string replacement) => GroupPattern().Replace(
        SumPattern().Replace(replacement, sum => GroupPattern().Replace(sum.Groups[1].Value, g => match.Groups[Whole(g.Groups[1].Value)].Value)
            .Replace("-", "+-").Split('+').Sum(product => product.Split('*').Aggregate(1, (a, b) => a * Whole(b))).ToString(CultureInfo.InvariantCulture)),
        g => match.Groups[Whole(g.Groups[1].Value)].Value);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\\(\d)")]
    private static partial Regex GroupPattern();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex SumPattern();
}
