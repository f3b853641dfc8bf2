using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Mspn.Samples;

/// <summary>
/// One of several ways of doing something, in a process of its own that answers lines with numbers: they can be timed in turn without sharing threads, caches
/// and memory.
/// </summary>
public sealed class TimedProcess : IDisposable
{
    private const string Ready = "ready";

    private readonly Process _process;

    /// <summary>Starts the process and waits for its first line.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="program">What to start.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="threads">
    /// Threads of its libraries. They wait without spinning, unlike OpenMP's default: a process that is not asked would slow those that are.
    /// </param>
    /// <exception cref="ArgumentException">It cannot be started, or ended.</exception>
    public TimedProcess(string name, string program, string[] arguments, int threads)
    {
        Name = name;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ArgumentException($"'{name}' did not start: {program} cannot be run ({e.Message}).", e);
        }
        if (_process.StandardOutput.ReadLine() != Ready)
        {
            Dispose();
            throw new ArgumentException($"'{name}' did not start.");
        }
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Lets this process answer the lines of its input until there are no more.</summary>
    /// <param name="answer">The numbers for a line.</param>
    public static void Serve(Func<string, IEnumerable<double>> answer)
    {
        Console.WriteLine(Ready);
        while (Console.ReadLine() is { } question)
        {
            Console.WriteLine(string.Join(' ', answer(question).Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
        }
    }

    /// <summary>Does some work, at least once, and tells the seconds and the processor's seconds that it takes.</summary>
    /// <param name="work">The work.</param>
    /// <param name="least">Work that takes less is repeated until so much time is gone.</param>
    public static double[] Time(Action work, TimeSpan least = default)
    {
        var (start, processor, times) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, 0);
        do
        {
            work();
            times++;
        }
        while (Stopwatch.GetElapsedTime(start) < least);
        return [Stopwatch.GetElapsedTime(start).TotalSeconds / times, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / times];
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="ArgumentException">The process has ended.</exception>
    public double[] Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        var answer = _process.StandardOutput.ReadLine() ?? throw new ArgumentException($"'{Name}' has ended.");
        return [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    /// <summary>Waits for its end.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
