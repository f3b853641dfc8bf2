using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mspn.Samples.Tests;

/// <summary>Compiles programs against all that this project refers to, as in a new console project.</summary>
internal static class CSharpProgram
{
    // What a new console project has.
    private const string ImplicitUsings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
        """;

    // As in every project: packages may have been built for an older .NET.
    private static readonly Dictionary<string, ReportDiagnostic> Silenced = new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    // Brought in by the tests' packages; the samples have something else of this name.
    private const string Foreign = "Validation.dll";

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != Foreign).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Compiles a program.</summary>
    /// <param name="name">Its assembly's name.</param>
    /// <param name="file">The file that errors and stack traces name, as far as the source does not say otherwise.</param>
    /// <param name="source">Usings first.</param>
    /// <param name="pointers">Whether it may use pointers.</param>
    /// <returns>Its entry point.</returns>
    /// <exception cref="InvalidOperationException">It cannot be compiled without a warning; the message has the lines.</exception>
    public static MethodInfo Compile(string name, string file, string source, bool pointers = false)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText($"{ImplicitUsings}\n#line 1\n{source}", new CSharpParseOptions(LanguageVersion.Latest), file, System.Text.Encoding.UTF8)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: pointers)
                .WithSpecificDiagnosticOptions(Silenced));
        var (code, symbols) = (new MemoryStream(), new MemoryStream());
        var problems = compilation.Emit(code, symbols).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).ToArray();
        return problems.Length == 0
            ? Assembly.Load(code.ToArray(), symbols.ToArray()).EntryPoint!
            : throw new InvalidOperationException($"{file} does not compile:\n{string.Join('\n', problems.Select(p => p.ToString()))}");
    }
}
