using System.Diagnostics;

namespace Mspn.Packages.Tests;

/// <summary>Runs <c>dotnet</c> as a person would in a terminal.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private static readonly string[] Inherited = ["MSBUILD", "CORECLR_"];

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">The working directory.</param>
    /// <param name="environment">Variables on top of those of this process; null removes one.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>What was written to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has all that it wrote.</exception>
    public static async Task<string> Run(string folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test's own build has told its children where it found what, and how their coverage is measured: not another command's business.
        foreach (var name in start.Environment.Keys.Where(name => Inherited.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(name);
        }
        // Nothing that it starts is to stay behind.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        process.StandardInput.Close();
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"dotnet {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}.\n{await output}\n{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', start.ArgumentList)} took more than {Limit.TotalMinutes} minutes.");
        }
    }
}
