using System.Text.RegularExpressions;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>
/// The C# of every page is compiled and run, as a reader would who puts a page's pieces into one file: in a folder that has the files which the page names.
/// </summary>
public sealed partial class SnippetTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly TextWriter _console = Console.Out;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Pages => [.. Repository.Pages.Where(name => CodeOf(name).Count > 0)];

    public void Dispose()
    {
        Console.SetOut(_console);
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Snippets_run(string name)
    {
        var blocks = CodeOf(name);
        var run = SnippetProgram.Compile(name, blocks);
        SnippetFiles.Write(_folder.Path, named: string.Join('\n', blocks.Select(b => b.Code)));
        Directory.SetCurrentDirectory(_folder.Path);
        Console.SetOut(TextWriter.Null);
        run();
    }

    // Training runs are as long as they should be for readers, and end at once here.
    private static IReadOnlyList<MarkdownBlock> CodeOf(string name) =>
    [
        .. new MarkdownPage(name).Blocks.Where(b => b.Language == "csharp")
            .Select(b => b with { Code = Minutes().Replace(Steps().Replace(b.Code, "OfSteps(2)"), "TimeSpan.FromMilliseconds(1)") }),
    ];

    [GeneratedRegex(@"OfSteps\([\d_]+\)")]
    private static partial Regex Steps();

    [GeneratedRegex(@"TimeSpan\.FromMinutes\([\d.]+\)")]
    private static partial Regex Minutes();
}
