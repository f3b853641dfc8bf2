namespace Mspn.Core;

/// <summary>The two ways of keeping the best of what overlaps, for anything that has scores and overlaps.</summary>
internal static class GreedySuppression
{
    /// <summary>Keeps the best, drops what overlaps it by more than the threshold, and goes on with what is left.</summary>
    public static IReadOnlyList<int> Hard(IEnumerable<double> scores, Func<int, int, double> overlap, double threshold)
    {
        var left = BestFirst([.. scores.Select((score, i) => (i, score))]);
        var kept = new List<int>();
        while (left.Count > 0)
        {
            var best = left[0].Index;
            kept.Add(best);
            left = [.. left.Skip(1).Where(other => overlap(best, other.Index) <= threshold)];
        }
        return kept;
    }

    /// <summary>
    /// Keeps the best, lowers the scores of what overlaps it by exp(−overlap² / threshold), and goes on with the next best.
    /// </summary>
    public static IReadOnlyList<int> Soft(IEnumerable<double> scores, Func<int, int, double> overlap, double threshold, int maximum)
    {
        var left = BestFirst([.. scores.Select((score, i) => (i, score))]);
        var kept = new List<int>();
        while (left.Count > 0 && kept.Count < maximum)
        {
            var best = left[0].Index;
            kept.Add(best);
            left = BestFirst([.. left.Skip(1).Select(other =>
            {
                var shared = overlap(best, other.Index);
                return (other.Index, other.Score * Math.Exp(-(shared * shared) / threshold));
            })]);
        }
        return kept;
    }

    // Of equals the last comes first, as the reversed ascending order of the references gives it.
    private static List<(int Index, double Score)> BestFirst(List<(int Index, double Score)> items) =>
        [.. items.OrderBy(item => item.Score).Reverse()];
}
