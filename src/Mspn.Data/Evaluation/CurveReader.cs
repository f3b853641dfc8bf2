using System.Runtime.CompilerServices;

namespace Mspn.Data;

/// <summary>Reads precision and recall from matches, the results in the order of their scores.</summary>
internal sealed class CurveReader
{
    // numpy.spacing(1), as in the reference.
    private const double Least = 1.0 / (1L << 52);

    private readonly CocoMatcher _matches;
    private readonly FlatResults _results;
    private readonly int[] _order;
    private readonly ulong[] _matched;
    private readonly ulong[] _ignored;
    private readonly double[] _precisions;
    private readonly double[] _scores;

    public CurveReader(CocoMatcher matches, FlatResults results)
    {
        (_matches, _results) = (matches, results);
        _order = new int[results.Count];
        (_matched, _ignored) = (new ulong[results.Count], new ulong[results.Count]);
        (_precisions, _scores) = (new double[results.Count], new double[results.Count]);
    }

    /// <summary>Fills one category of the curves, from groups for which <paramref name="takes"/> is true.</summary>
    /// <param name="curves">What to fill, for as many ranges of area as it has.</param>
    /// <param name="category">Which category of it.</param>
    /// <param name="firstGroup">The category's first group.</param>
    /// <param name="groups">How many groups it has.</param>
    /// <param name="takes">By number within the category; null for all.</param>
    public void Read(CocoCurves curves, int category, int firstGroup, int groups, Func<int, bool>? takes)
    {
        var order = Arrange(firstGroup, groups, takes);
        for (var area = 0; area < curves.Areas; area++)
        {
            var counted = 0;
            for (var group = 0; group < groups; group++)
            {
                counted += takes is null || takes(group) ? _matches.Counted[area][firstGroup + group] : 0;
            }
            if (counted == 0)
            {
                continue;
            }
            for (var i = 0; i < order.Length; i++)
            {
                (_matched[i], _ignored[i]) = (_matches.Matched[area][order[i]], _matches.Ignored[area][order[i]]);
            }
            for (var threshold = 0; threshold < curves.Thresholds; threshold++)
            {
                Walk(curves, curves.Row(threshold, area, category), 1UL << threshold, order, counted);
            }
        }
    }

    private ReadOnlySpan<int> Arrange(int firstGroup, int groups, Func<int, bool>? takes)
    {
        var count = 0;
        for (var group = 0; group < groups; group++)
        {
            if (takes is null || takes(group))
            {
                for (var i = _results.Starts[firstGroup + group]; i < _results.Starts[firstGroup + group + 1]; i++)
                {
                    _order[count++] = i;
                }
            }
        }
        var order = _order.AsSpan(0, count);
        var negated = new double[count];
        for (var i = 0; i < count; i++)
        {
            negated[i] = -_results.Scores[order[i]];
        }
        ScoreOrder.Sort(negated, order);
        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(CocoCurves curves, int row, ulong bit, ReadOnlySpan<int> order, int counted)
    {
        var (right, wrong) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            if ((_ignored[i] & bit) != 0)
            {
                continue;
            }
            if ((_matched[i] & bit) == 0)
            {
                wrong++;
                continue;
            }
            right++;
            // Precision has its maxima where a person is found, so only these are kept.
            _precisions[right - 1] = right / (wrong + right + Least);
            _scores[right - 1] = _results.Scores[order[i]];
        }
        for (var i = right - 1; i > 0; i--)
        {
            _precisions[i - 1] = Math.Max(_precisions[i - 1], _precisions[i]);
        }
        curves.Fill(row, (double)right / counted);
        if (order.Length == 0)
        {
            return;
        }
        // A recall of 0 is reached before anybody is found.
        curves.Set(row, 0, right > 0 ? _precisions[0] : 0, _results.Scores[order[0]]);
        for (int recall = 1, found = 1; recall < CocoEvaluatorOptions.Recalls.Length; recall++)
        {
            while (found <= right && (double)found / counted < CocoEvaluatorOptions.Recalls[recall])
            {
                found++;
            }
            if (found > right)
            {
                break;
            }
            curves.Set(row, recall, _precisions[found - 1], _scores[found - 1]);
        }
    }
}
