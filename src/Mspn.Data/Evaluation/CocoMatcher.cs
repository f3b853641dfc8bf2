using System.Runtime.CompilerServices;

namespace Mspn.Data;

/// <summary>
/// Gives each result the annotation that it found, at every threshold and for every range of area; one bit a threshold.
/// </summary>
/// <remarks>
/// In each image results choose in the order of their scores: the annotation with the highest OKS that nobody took, of equals the last; those that
/// count before those that are ignored. Crowds can be taken again.
/// </remarks>
internal sealed class CocoMatcher
{
    // The reference's limit for thresholds of 1.
    private const double MostNeeded = 1 - 1e-10;

    private readonly FlatPeople _people;
    private readonly FlatResults _results;
    private readonly CocoEvaluatorOptions _options;
    private readonly double[] _needed;
    private readonly ulong _everyThreshold;

    // Of the group at hand: OKS of each result (rows) with each annotation, the best of each row, and who is ignored and taken.
    private double[] _oks = [];
    private double[] _best = [];
    private int[] _order = [];
    private bool[] _ignored = [];
    private bool[] _taken = [];

    public CocoMatcher(FlatPeople people, FlatResults results, CocoEvaluatorOptions options)
    {
        (_people, _results, _options) = (people, results, options);
        _needed = [.. options.Thresholds.Select(t => Math.Min(t, MostNeeded))];
        _everyThreshold = ulong.MaxValue >> (64 - _needed.Length);
        var areas = options.AreaRanges.Count;
        Matched = Rows<ulong>(areas, results.Count);
        Ignored = Rows<ulong>(areas, results.Count);
        Counted = Rows<int>(areas, people.Starts.Length - 1);
        Found = new int[results.Count];
        Array.Fill(Found, -1);
        for (var group = 0; group + 1 < people.Starts.Length; group++)
        {
            Match(group);
        }
    }

    /// <summary>By range of area and result: the thresholds at which it is matched.</summary>
    public ulong[][] Matched { get; }

    /// <summary>By range of area and result: the thresholds at which it is neither right nor wrong.</summary>
    public ulong[][] Ignored { get; }

    /// <summary>By range of area and group: how many annotations count.</summary>
    public int[][] Counted { get; }

    /// <summary>By result: the person who counts that it found at the lowest threshold in the first range of area, or −1.</summary>
    public int[] Found { get; }

    /// <summary>Whether a match counted as false because the annotation's id is 0.</summary>
    public bool LostZero { get; private set; }

    private static T[][] Rows<T>(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new T[length])];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Match(int group)
    {
        var (people, peopleEnd) = (_people.Starts[group], _people.Starts[group + 1]);
        var (results, resultsEnd) = (_results.Starts[group], _results.Starts[group + 1]);
        var count = peopleEnd - people;
        if (count == 0 && results == resultsEnd)
        {
            return;
        }
        Measure(people, count, results, resultsEnd - results);
        for (var area = 0; area < Matched.Length; area++)
        {
            Counted[area][group] = Rank(people, count, _options.AreaRanges[area]);
            for (var t = 0; t < _needed.Length; t++)
            {
                Array.Clear(_taken, 0, count);
                for (var i = results; count > 0 && i < resultsEnd; i++)
                {
                    if (_best[i - results] >= _needed[t])
                    {
                        Choose(area, t, i, i - results, people, count);
                    }
                }
            }
            for (var i = results; i < resultsEnd; i++)
            {
                if (!_options.AreaRanges[area].Contains(_results.Areas[i]))
                {
                    Ignored[area][i] |= _everyThreshold & ~Matched[area][i];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(int people, int count, int results, int found)
    {
        if (_taken.Length < count)
        {
            (_order, _ignored, _taken) = (new int[count], new bool[count], new bool[count]);
        }
        if (_oks.Length < found * count || _best.Length < found)
        {
            (_oks, _best) = (new double[Math.Max(_oks.Length, found * count)], new double[Math.Max(_best.Length, found)]);
        }
        for (var i = 0; i < found; i++)
        {
            _best[i] = 0;
            var x = _results.X(results + i);
            var y = _results.Y(results + i);
            for (var j = 0; j < count; j++)
            {
                var oks = _people.Similarity(people + j, x, y);
                _oks[i * count + j] = oks;
                _best[i] = Math.Max(_best[i], oks);
            }
        }
    }

    // Those that count first, then the ignored ones, each in the order of the file.
    private int Rank(int people, int count, CocoAreaRange range)
    {
        var counted = 0;
        for (var j = 0; j < count; j++)
        {
            _ignored[j] = _people.IsIgnored[people + j] || !range.Contains(_people.Areas[people + j]);
            if (!_ignored[j])
            {
                _order[counted++] = j;
            }
        }
        var next = counted;
        for (var j = 0; j < count; j++)
        {
            if (_ignored[j])
            {
                _order[next++] = j;
            }
        }
        return counted;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Choose(int area, int threshold, int result, int row, int people, int count)
    {
        var least = _needed[threshold];
        var oks = _oks.AsSpan(row * count, count);
        var chosen = -1;
        foreach (var j in _order.AsSpan(0, count))
        {
            if (_taken[j] && !_people.IsCrowd[people + j])
            {
                continue;
            }
            if (chosen >= 0 && _ignored[j] && !_ignored[chosen])
            {
                break;
            }
            if (oks[j] >= least)
            {
                (least, chosen) = (oks[j], j);
            }
        }
        if (chosen >= 0)
        {
            Take(area, threshold, result, people, chosen);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int area, int threshold, int result, int people, int chosen)
    {
        _taken[chosen] = true;
        if (_ignored[chosen])
        {
            Ignored[area][result] |= 1UL << threshold;
        }
        else if (area == 0 && threshold == 0)
        {
            Found[result] = people + chosen;
        }
        if (_people.IsZero[people + chosen] && _options.Rules == CocoRules.Pycocotools)
        {
            LostZero |= !_ignored[chosen];
        }
        else
        {
            Matched[area][result] |= 1UL << threshold;
        }
    }
}
