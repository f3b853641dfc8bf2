using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>What a tolerant reading left out (<see cref="CocoReadOptions.Tolerant"/>); a strict one fails at the first problem, and its report is
/// empty.</summary>
public sealed class CocoReport
{
    private const int IdsInLog = 20;

    private readonly List<CocoProblem> _problems = [];
    private readonly string _source;
    private readonly bool _tolerant;

    internal CocoReport(string source, bool tolerant)
    {
        _source = source;
        _tolerant = tolerant;
    }

    /// <summary>Everything that was left out, in the order in which it was noticed.</summary>
    public IReadOnlyList<CocoProblem> Problems => _problems;

    /// <summary>How many there are of each fault; faults that did not occur are not in it.</summary>
    public IReadOnlyDictionary<CocoFault, int> Counts => _problems.CountBy(p => p.Fault).ToDictionary();

    /// <summary>How many were left out for each fault, or that nothing was.</summary>
    public override string ToString() =>
        _problems.Count == 0 ? "nothing left out" : $"left out {string.Join(", ", Counts.Select(count => $"{count.Value} for {count.Key}"))}";

    /// <summary>Notes a problem, or fails with it.</summary>
    internal void Add(CocoProblem problem)
    {
        if (!_tolerant)
        {
            throw new PoseDataException(_source, problem.ToString());
        }
        _problems.Add(problem);
    }

    /// <summary>One warning for each fault.</summary>
    internal void Log(ILogger? logger)
    {
        foreach (var group in _problems.GroupBy(p => p.Fault))
        {
            var items = group.Select(p => p.Item).ToList();
            logger?.LogWarning(
                "{File}: left out {Count} for {Fault}: {Items}{More}. The first: {Problem}", _source, items.Count, group.Key,
                string.Join(", ", items.Take(IdsInLog)), items.Count > IdsInLog ? ", …" : "", group.First());
        }
    }

    /// <summary>Takes over what another reading left out.</summary>
    internal void Include(CocoReport other) => _problems.AddRange(other._problems);
}
