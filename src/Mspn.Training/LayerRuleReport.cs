namespace Mspn.Training;

/// <summary>What a <see cref="LayerRule"/> is about in a network.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Parameters">Names of the parameters that it catches, at least one.</param>
/// <param name="FrozenStatistics">Names of the batch normalisations that it keeps in evaluation mode.</param>
public sealed record LayerRuleReport(LayerRule Rule, IReadOnlyList<string> Parameters, IReadOnlyList<string> FrozenStatistics)
{
    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant(
        $"{Rule.Pattern}: {Parameters.Count} parameters {(Rule.Factor == 0 ? "frozen" : $"at {Rule.Factor} of the rate")}, from {Parameters[0]} to {Parameters[^1]}")
        + (FrozenStatistics.Count > 0 ? $"; {FrozenStatistics.Count} normalisations keep their statistics" : string.Empty);
}
