using System.Diagnostics;

namespace Mspn.Samples;

/// <summary>What the time of a program goes into.</summary>
public sealed class WorkClock
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Dictionary<string, TimeSpan> _parts = [];

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Total => _total.Elapsed;

    /// <summary>Does some work, and counts its time, also if it fails.</summary>
    /// <param name="part">What the time is counted as.</param>
    /// <param name="work">The work.</param>
    public T Time<T>(string part, Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return work();
        }
        finally
        {
            _parts[part] = _parts.GetValueOrDefault(part) + Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>The share of all time that went into a part, from 0 to 1.</summary>
    public double Share(string part) => _parts.GetValueOrDefault(part) / Total;
}
