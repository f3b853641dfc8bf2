using System.Globalization;
using System.Text;

namespace Mspn.Training;

/// <summary>The results of an ablation: mean and deviation over seeds.</summary>
public sealed class AblationTable
{
    /// <summary>Sums up runs.</summary>
    /// <param name="score">What the score is called, such as <c>PCK@0.2</c>.</param>
    /// <param name="variants">The variants in the order of their lines; those without a run yet are left out.</param>
    /// <param name="results">The runs, in any order.</param>
    public AblationTable(string score, IEnumerable<string> variants, IEnumerable<AblationResult> results)
    {
        ArgumentException.ThrowIfNullOrEmpty(score);
        ArgumentNullException.ThrowIfNull(variants);
        ArgumentNullException.ThrowIfNull(results);
        Score = score;
        var runs = results.ToLookup(r => r.Variant);
        Rows = [.. variants.Where(runs.Contains).Select(variant => Sum(variant, [.. runs[variant].OrderBy(r => r.Seed)]))];
    }

    /// <summary>What the score is called.</summary>
    public string Score { get; }

    /// <summary>A line for each variant.</summary>
    public IReadOnlyList<AblationRow> Rows { get; }

    /// <summary>The table for people.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"| variant | {Score} (mean ± std) | seeds | parameters | multiply-adds | steps | wall minutes of training |")
            .AppendLine("|---|---|---|---|---|---|---|");
        foreach (var row in Rows)
        {
            var deviation = double.IsNaN(row.Deviation) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" ± {row.Deviation:0.0000}");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Variant} | {row.Mean:0.0000}{deviation} | {row.Runs.Count} | {row.Parameters / 1e6:0.00} M | {row.MultiplyAdds / 1e6:0} M | {row.Steps:0} | {row.Seconds / 60:0.0} |");
        }
        return text.ToString();
    }

    /// <summary>The table for programs: comma-separated, unrounded, with a header; the last column has the scores in the order of their seeds, with spaces between.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder().AppendLine("variant,score,mean,deviation,seeds,parameters,multiply_adds,steps,wall_seconds,scores");
        foreach (var row in Rows)
        {
            var scores = string.Join(' ', row.Runs.Select(r => r.Score.ToString("R", CultureInfo.InvariantCulture)));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row.Variant},{Score},{row.Mean:R},{row.Deviation:R},{row.Runs.Count},{row.Parameters},{row.MultiplyAdds},{row.Steps:R},{row.Seconds:R},{scores}");
        }
        return text.ToString();
    }

    private static AblationRow Sum(string variant, AblationResult[] runs)
    {
        var mean = runs.Average(r => r.Score);
        var deviation = runs.Length > 1 ? Math.Sqrt(runs.Sum(r => (r.Score - mean) * (r.Score - mean)) / (runs.Length - 1)) : double.NaN;
        return new AblationRow(
            variant, runs, mean, deviation, runs[0].Parameters, runs[0].MultiplyAdds, runs.Average(r => r.Steps), runs.Average(r => r.Seconds));
    }
}
