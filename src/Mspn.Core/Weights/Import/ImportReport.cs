using System.Globalization;
using System.Text;

namespace Mspn.Core;

/// <summary>How the tensors of a file and those of a network fit, name by name. Nothing is left out of it.</summary>
public sealed record ImportReport
{
    private const int Listed = 5;

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Whose names it has (<see cref="KeyMap.Name"/>).</summary>
    public required string Names { get; init; }

    /// <summary>Our names of the tensors that the file has.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Our names of tensors that the file should have and does not, each with the name expected there.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Names in the file that mean nothing to the network.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Tensors of different shapes, each with both.</summary>
    public required IReadOnlyList<string> Mismatched { get; init; }

    /// <summary>
    /// Names in the file of convolution biases that the network does not have; they were subtracted from the running means of the normalisations
    /// behind them, which gives the same numbers.
    /// </summary>
    public required IReadOnlyList<string> FoldedBiases { get; init; }

    /// <summary>Our names of convolution biases in front of normalisations that the file does not have; they are zero.</summary>
    public required IReadOnlyList<string> ZeroedBiases { get; init; }

    /// <summary>Our names of counters of batches that the file does not have (as of PyTorch before 0.4.1); they are zero.</summary>
    public required IReadOnlyList<string> ZeroedCounters { get; init; }

    /// <summary>Names in the file that its own code never uses, or that belong to a part that was not asked for.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Our names of tensors that the import is not about, such as heads when an encoder is loaded; they stay as they are.</summary>
    public required IReadOnlyList<string> Untouched { get; init; }

    /// <summary>Whether nothing is missing, unexpected or of another shape.</summary>
    public bool Fits => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;

    /// <summary>What does not fit, in one line.</summary>
    internal string Problems => string.Join("; ", new[]
    {
        Show("missing", Missing), Show("unexpected", Unexpected), Show("of another shape", Mismatched),
    }.OfType<string>());

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{File}, names of {Names}: {(Fits ? "fits" : "does not fit")}");
        foreach (var (what, names) in new[]
        {
            ("loaded", Loaded), ("missing", Missing), ("unexpected", Unexpected), ("of another shape", Mismatched),
            ("biases folded into normalisations", FoldedBiases), ("biases set to zero", ZeroedBiases), ("counters set to zero", ZeroedCounters),
            ("ignored", Ignored), ("untouched", Untouched),
        })
        {
            if (names.Count > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {names.Count,6} {what}{(what == "loaded" ? string.Empty : ": " + Some(names))}");
            }
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>How many names there are of a kind, and the first of them; null for none.</summary>
    internal static string? Show(string what, IReadOnlyList<string> names) => names.Count == 0 ? null : $"{names.Count} {what}: {Some(names)}";

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? $" and {names.Count - Listed} more" : string.Empty);
}
