using System.CommandLine;
using Mspn.Core;
using Mspn.Training;

namespace Mspn.Samples;

/// <summary>What every sample does around its work: parse, run, and report errors in one line.</summary>
public static class SampleProgram
{
    /// <summary>Runs a command line. Ctrl+C cancels; errors of the user's making are one line on standard error and exit code 1.</summary>
    public static int Run(RootCommand command, string[] args, Action<ParseResult, CancellationToken> work)
    {
        NativeTorch.Initialize();
        command.SetAction((parsed, cancellation) =>
        {
            // On a thread of its own, so that Ctrl+C is heard while the work runs.
            return Task.Factory.StartNew(
                () => Guard(() => work(parsed, cancellation)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        });
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
        // With its own name in front, since a first argument that ends in that name, such as a folder called like the sample, is taken for it.
        return command.Parse([command.Name, .. args]).Invoke(configuration);
    }

    private static int Guard(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return 130;
        }
        catch (Exception e) when (e is PoseDataException or ArgumentException or NonFiniteLossException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Error: {e.Message}");
            return 1;
        }
    }
}
