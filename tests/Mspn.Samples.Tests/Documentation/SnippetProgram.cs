using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>The C# of a page as one program, in the page's order. Its errors and stack traces name the page's lines.</summary>
internal static partial class SnippetProgram
{
    // What a new console project has.
    private const string ImplicitUsings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
        """;

    // As in every project: packages may have been built for an older .NET.
    private static readonly Dictionary<string, ReportDiagnostic> Silenced = new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Compiles a page.</summary>
    /// <param name="page">Its name.</param>
    /// <param name="blocks">Its blocks of C#. A page says all usings that it needs beyond those of a new console project.</param>
    /// <returns>What runs it.</returns>
    /// <exception cref="InvalidOperationException">It cannot be compiled without a warning; the message has the lines.</exception>
    public static Action Compile(string page, IReadOnlyList<MarkdownBlock> blocks)
    {
        var usings = blocks.SelectMany(b => Using().Matches(b.Code)).Select(m => m.Value).Distinct();
        var source = string.Join('\n', [ImplicitUsings, .. usings, .. blocks.Select(b => $"#line {b.Line} \"{page}\"\n{Using().Replace(b.Code, string.Empty)}")]);
        var compilation = CSharpCompilation.Create(
            $"Snippets of {page.Replace('/', ' ')}",
            [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), encoding: System.Text.Encoding.UTF8)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable).WithSpecificDiagnosticOptions(Silenced));
        var (code, symbols) = (new MemoryStream(), new MemoryStream());
        var problems = compilation.Emit(code, symbols).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).ToArray();
        if (problems.Length > 0)
        {
            throw new InvalidOperationException($"{page} does not compile:\n{string.Join('\n', problems.Select(p => p.ToString()))}");
        }
        var program = Assembly.Load(code.ToArray(), symbols.ToArray()).EntryPoint!;
        return () => program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);
    }

    [GeneratedRegex(@"^using (static )?[\w.]+;$", RegexOptions.Multiline)]
    private static partial Regex Using();
}
