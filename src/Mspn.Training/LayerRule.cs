using System.IO.Enumeration;
using Mspn.Core;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>How some layers of a network are trained: slower or faster than the others, or not at all.</summary>
/// <remarks>A parameter follows the first rule of a list that catches it; one that no rule catches is trained as usual.</remarks>
/// <param name="Pattern">
/// The layers: names of parameters as in <see cref="NetworkWeights.Of"/>, in which <c>*</c> stands for any characters, dots included, and <c>?</c> for
/// one; <c>stages.0.encoder.*</c> is the first stage's encoder.
/// </param>
/// <param name="Factor">Factor on the learning rate, above 0, or 0 to freeze the layers. Default 1.</param>
/// <param name="FreezeStatistics">
/// Whether batch normalisations among the layers use their running statistics and leave them as they are (evaluation mode). Default false:
/// they follow the data, as in every other layer, even where their weights are frozen.
/// </param>
public sealed record LayerRule(string Pattern, double Factor = 1, bool FreezeStatistics = false)
{
    private const string RunningMean = "running_mean";

    /// <summary>Layers that do not change at all: no gradients, and normalisations in evaluation mode.</summary>
    public static LayerRule Frozen(string pattern) => new(pattern, 0, FreezeStatistics: true);

    /// <summary>Finds out which parameters each rule catches, without changing anything.</summary>
    /// <param name="module">The network.</param>
    /// <param name="rules">The rules.</param>
    /// <returns>One report a rule, in their order.</returns>
    /// <exception cref="ArgumentException">A rule catches nothing that the rules before it leave, or its factor is negative or not a number.</exception>
    public static IReadOnlyList<LayerRuleReport> Check(nn.Module module, IReadOnlyList<LayerRule> rules)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(rules);
        var left = module.named_parameters().Select(p => p.name).ToList();
        var normalizations = module.named_modules().Where(m => m.module.named_buffers(recurse: false).Any(b => b.name == RunningMean))
            .Select(m => m.name).ToArray();
        var reports = new List<LayerRuleReport>();
        foreach (var rule in rules)
        {
            if (!(rule.Factor >= 0 && double.IsFinite(rule.Factor)))
            {
                throw new ArgumentOutOfRangeException(nameof(rules), rule.Factor, $"The factor of '{rule.Pattern}' must be 0 or more.");
            }
            string[] caught = [.. left.Where(rule.Catches)];
            if (caught.Length == 0)
            {
                throw new ArgumentException(
                    $"The layer rule '{rule.Pattern}' catches no parameter{(reports.Count > 0 ? " that the rules before it leave" : string.Empty)}; "
                    + $"names look like {string.Join(", ", module.named_parameters().Take(3).Select(p => p.name))}.", nameof(rules));
            }
            left.RemoveAll(rule.Catches);
            // A normalisation goes with the rule that has its weights.
            reports.Add(new LayerRuleReport(rule, caught, rule.FreezeStatistics
                ? [.. normalizations.Where(n => caught.Contains(n + ".weight") || caught.Contains(n + ".bias"))]
                : []));
        }
        return reports;
    }

    private bool Catches(string name) => FileSystemName.MatchesSimpleExpression(Pattern, name, ignoreCase: false);
}
