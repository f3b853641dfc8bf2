using System.Globalization;
using System.Text.RegularExpressions;

namespace Mspn.Core;

/// <summary>Asks a file's names and shapes what network they belong to. Unanswerable questions end in one exception.</summary>
internal sealed class StateDictShape(WeightFile weights)
{
    // A file cannot make the library build a network of more parts than any real one has.
    private const int Most = 512;

    public bool Has(string name) => weights.Contains(name);

    public bool HasAny(string beginning) => weights.Names.Any(n => n.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>One dimension of a tensor.</summary>
    public int Size(string name, int dimension = 0)
    {
        var shape = weights.Shape(name);
        return dimension < shape.Count && shape[dimension] is > 0 and <= int.MaxValue
            ? (int)shape[dimension]
            : throw new PoseDataException(weights.Path, $"tensor '{name}' has the shape [{string.Join(", ", shape)}], which no such network has.");
    }

    /// <summary>How many of a numbered kind there are: one more than the largest number in the pattern's first group; 0 for none.</summary>
    public int Count(string pattern)
    {
        var expression = new Regex("^" + pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        var largest = -1;
        foreach (var name in weights.Names)
        {
            var match = expression.Match(name);
            if (match.Success && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                largest = Math.Max(largest, number);
            }
        }
        return largest < Most ? largest + 1 : throw new PoseDataException(weights.Path, $"it numbers its parts up to {largest}, which no such network does.");
    }

    /// <summary>Blocks of each level, levels counted from 1; {0} stands for the level in the pattern.</summary>
    /// <exception cref="PoseDataException">There are no levels: the file holds too little of a network.</exception>
    public int[] Blocks(string pattern, int levels) => levels > 0
        ? [.. Enumerable.Range(1, levels).Select(level => Count(string.Format(CultureInfo.InvariantCulture, pattern, level)))]
        : throw new PoseDataException(weights.Path, "it holds only a part of a network's tensors: those that tell its levels are missing.");
}
