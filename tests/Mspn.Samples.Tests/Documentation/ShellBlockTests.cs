using System.Text.RegularExpressions;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>The commands of the pages are not run, but they name programs and options that exist.</summary>
public partial class ShellBlockTests
{
    public static IEnumerable<object[]> Commands => Repository.Pages.SelectMany(name => new MarkdownPage(name).Blocks.Where(b => b.Language == "sh")
        .SelectMany(b => b.Code.Split('\n')).Where(line => line.Contains("dotnet run", StringComparison.Ordinal)).Select(line => new object[] { name, line }));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Programs_and_options_exist(string page, string command)
    {
        var run = Run().Match(command);
        run.Success.Should().BeTrue("{0} shows how to run a program: {1}", page, command);
        var source = Repository.File(run.Groups[1].Value);
        File.Exists(source).Should().BeTrue("{0} shows {1}", page, command);
        var known = OptionOf().Matches(File.ReadAllText(source)).Select(m => m.Value.Trim('"'));
        var given = run.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word != "#")
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--");
        given.Should().BeSubsetOf([.. known, "--help"], "{0} shows {1}", page, command);
    }

    // The program, then what it is given.
    [GeneratedRegex(@"dotnet run (?:-c Release )?(\S+\.cs)(.*)")]
    private static partial Regex Run();

    [GeneratedRegex("\"--[a-z0-9-]+\"")]
    private static partial Regex OptionOf();
}
