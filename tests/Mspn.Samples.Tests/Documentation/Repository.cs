using System.Runtime.CompilerServices;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>Files of the repository, found from this source file.</summary>
internal static class Repository
{
    private static readonly string Root = Beside();

    /// <summary>The pages: <c>README.md</c> and what is in <c>docs</c>, by their paths in the repository.</summary>
    public static IReadOnlyList<string> Pages { get; } =
        ["README.md", .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(p => $"docs/{Path.GetFileName(p)}").Order(StringComparer.Ordinal)];

    /// <summary>The full path of a file.</summary>
    public static string File(params string[] parts) => Path.GetFullPath(Path.Combine([Root, .. parts]));

    private static string Beside([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..");
}
