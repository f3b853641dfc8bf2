using System.Globalization;
using Microsoft.Extensions.Logging;
using Mspn.Training;

namespace Mspn.Samples;

/// <summary>Shows a training run as one line that is rewritten (on a terminal) or as a line now and then (in a file).</summary>
public sealed class ConsoleTrainingProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = Console.IsOutputRedirected ? TimeSpan.FromSeconds(15) : TimeSpan.FromSeconds(0.5);
    private DateTime _next;

    /// <inheritdoc />
    public void Report(TrainingProgress value)
    {
        if (DateTime.UtcNow < _next && value.Fraction < 1)
        {
            return;
        }
        _next = DateTime.UtcNow + Interval;
        ConsoleLine.Rewrite(string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Fraction,4:P0}  epoch {value.Epoch + 1}  step {value.Step}  loss {value.SmoothedLoss:G3}  lr {value.LearningRate:0.0e+0}  "
            + $"{value.PeoplePerSecond:0} people/s  waiting {value.WaitingShare:P0}  left {ConsoleLine.Duration(value.Remaining)}"));
    }
}

/// <summary>Counts things done, and tells the time that is left. Without a total the caller ends the line.</summary>
public sealed class ConsoleCount(string what, int? total = null) : IProgress<int>
{
    private readonly DateTime _start = DateTime.UtcNow;
    private DateTime _next;

    /// <inheritdoc />
    public void Report(int value)
    {
        if (DateTime.UtcNow >= _next || value >= total)
        {
            _next = DateTime.UtcNow + TimeSpan.FromSeconds(Console.IsOutputRedirected ? 15 : 0.5);
            ConsoleLine.Rewrite(total is null ? $"{what} {value}" : $"{what} {value}/{total}{Left(value)}");
            if (value >= total)
            {
                ConsoleLine.End();
            }
        }
    }

    private string Left(int value) =>
        value > 0 && value < total ? $"  left {ConsoleLine.Duration((DateTime.UtcNow - _start) * ((double)(total.Value - value) / value))}" : "";
}

/// <summary>A line that can be written over.</summary>
public static class ConsoleLine
{
    private static int _length;

    /// <summary>Replaces the line at hand.</summary>
    public static void Rewrite(string text)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(text);
            return;
        }
        Console.Write("\r" + text.PadRight(_length));
        _length = text.Length;
    }

    /// <summary>A time for people, to the second.</summary>
    public static string Duration(TimeSpan time) =>
        time.ToString(time.TotalHours < 1 ? @"mm\:ss" : time.TotalDays < 1 ? @"h\:mm\:ss" : @"d\ \d\a\y\s\ h\:mm", CultureInfo.InvariantCulture);

    /// <summary>Leaves the line at hand as it is.</summary>
    public static void End()
    {
        if (!Console.IsOutputRedirected && _length > 0)
        {
            Console.WriteLine();
        }
        _length = 0;
    }
}

/// <summary>Writes log lines to the console.</summary>
public sealed class ConsoleLogger : ILogger
{
    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc />
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            ConsoleLine.End();
            Console.WriteLine(formatter(state, exception));
        }
    }
}
