using System.Reflection;
using System.Text.RegularExpressions;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>The C# of a page as one program, in the page's order. Its errors and stack traces name the page's lines.</summary>
internal static partial class SnippetProgram
{
    /// <summary>Compiles a page.</summary>
    /// <param name="page">Its name.</param>
    /// <param name="blocks">Its blocks of C#. A page says all usings that it needs beyond those of a new console project.</param>
    /// <returns>What runs it.</returns>
    /// <exception cref="InvalidOperationException">It cannot be compiled without a warning; the message has the lines.</exception>
    public static Action Compile(string page, IReadOnlyList<MarkdownBlock> blocks)
    {
        var usings = blocks.SelectMany(b => Using().Matches(b.Code)).Select(m => m.Value).Distinct();
        var source = string.Join('\n', [.. usings, .. blocks.Select(b => $"#line {b.Line} \"{page}\"\n{Using().Replace(b.Code, string.Empty)}")]);
        var program = CSharpProgram.Compile($"Snippets of {page.Replace('/', ' ')}", page, source);
        return () => program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);
    }

    [GeneratedRegex(@"^using (static )?[\w.]+;$", RegexOptions.Multiline)]
    private static partial Regex Using();
}
