using System.Globalization;
using System.Text;

namespace Mspn.Training;

/// <summary>Whether the optimiser's state of another program's checkpoint can be gone on with, and what becomes of each parameter's moments.</summary>
public sealed record AdamImportReport
{
    private const int Listed = 5;

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Why training cannot go on from it; empty if it can. The lists below are empty otherwise.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Our names of the parameters whose moments the file has.</summary>
    public IReadOnlyList<string> Restored { get; init; } = [];

    /// <summary>Our names of biases that the file does not have, as they change nothing in front of a normalisation; their moments are zero.</summary>
    public IReadOnlyList<string> ZeroedBiases { get; init; } = [];

    /// <summary>Our names of parameters that the file's optimiser never moved, for want of a gradient; their moments are zero.</summary>
    public IReadOnlyList<string> NeverMoved { get; init; } = [];

    /// <summary>
    /// Names in the file of parameters whose moments have no place here: convolution biases folded into normalisations, parameters that are not
    /// trained here, and those that the file's own code never uses.
    /// </summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Steps that the moments have seen.</summary>
    public long Steps { get; init; }

    /// <summary>The learning rate of the last step, after warm-up and decay.</summary>
    public double LearningRate { get; init; }

    /// <summary>Adam's L2 term there, which the <see cref="TrainingStepper"/> should get too.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The position in the training that the file notes (<c>iteration</c>), or null if it does not.</summary>
    public long? Iteration { get; init; }

    /// <summary>Whether training can go on.</summary>
    public bool Fits => Problems.Count == 0;

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        if (!Fits)
        {
            return $"{File}: training cannot go on with its optimiser: {string.Join("; ", Problems)}.";
        }
        var text = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture, $"{File}: Adam after {Steps} steps, learning rate {LearningRate}, weight decay {WeightDecay}");
        foreach (var (what, names) in new[]
        {
            ("restored", Restored), ("zero for biases that the file lacks", ZeroedBiases), ("zero for parameters never moved there", NeverMoved),
            ("dropped", Dropped),
        })
        {
            if (names.Count > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {names.Count,6} {what}{(what == "restored" ? string.Empty : ": " + Some(names))}");
            }
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>The first few of some names, and how many more there are.</summary>
    internal static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? $" and {names.Count - Listed} more" : string.Empty);
}
