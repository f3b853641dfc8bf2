using System.Runtime.CompilerServices;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>Files of the repository, found from this source file.</summary>
internal static class Repository
{
    private static readonly string Root = Beside();

    /// <summary>The pages: <c>README.md</c>, what is in <c>docs</c>, and the cards in <c>models</c>, by their paths in the repository.</summary>
    public static IReadOnlyList<string> Pages { get; } = ["README.md", .. Markdown("docs"), .. Markdown("models")];

    /// <summary>The full path of a file.</summary>
    public static string File(params string[] parts) => Path.GetFullPath(Path.Combine([Root, .. parts]));

    private static IEnumerable<string> Markdown(string folder) =>
        Directory.GetFiles(Path.Combine(Root, folder), "*.md").Select(p => $"{folder}/{Path.GetFileName(p)}").Order(StringComparer.Ordinal);

    private static string Beside([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..");
}
