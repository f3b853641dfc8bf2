using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Mspn.Samples.Tests.Documentation;

namespace Mspn.Samples.Tests;

/// <summary>A program of a single file (<c>dotnet run FILE</c>), compiled and run in this process: in a second where <c>dotnet</c> takes ten.</summary>
internal sealed partial class FileProgram
{
    private static readonly ConcurrentDictionary<string, FileProgram> Compiled = new();

    private readonly MethodInfo _main;

    private FileProgram(string name)
    {
        Source = File.ReadAllText(Repository.File(name));
        Directives = Directive().Matches(Source).ToLookup(m => m.Groups["kind"].Value, m => m.Groups["value"].Value.TrimEnd());
        var assembly = Directives["property"].FirstOrDefault(p => p.StartsWith("AssemblyName=", StringComparison.Ordinal))?.Split('=')[1];
        _main = CSharpProgram.Compile(
            assembly ?? name.Replace('/', ' '), name, Directive().Replace(Source, string.Empty), Directives["property"].Contains("AllowUnsafeBlocks=true"));
    }

    /// <summary>The programs in these folders of the repository, by their paths in it.</summary>
    public static IEnumerable<string> In(params string[] folders) => folders.SelectMany(folder =>
        Directory.GetFiles(Repository.File(folder), "*.cs").Select(file => $"{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal));

    /// <summary>A program, by its path in the repository.</summary>
    /// <exception cref="InvalidOperationException">It cannot be compiled without a warning.</exception>
    public static FileProgram Of(string name) => Compiled.GetOrAdd(name, n => new FileProgram(n));

    /// <summary>Its text.</summary>
    public string Source { get; }

    /// <summary>What its first lines ask for, such as <c>package</c>: <c>TorchSharp-cpu</c>.</summary>
    public ILookup<string, string> Directives { get; }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        var (console, consoleErrors) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        try
        {
            Console.SetOut(output);
            Console.SetError(errors);
            var code = (int)_main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
            return (code, output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(consoleErrors);
        }
    }

    // With the line that makes the file executable.
    [GeneratedRegex(@"^#(?:!|:(?<kind>\w+) )(?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
