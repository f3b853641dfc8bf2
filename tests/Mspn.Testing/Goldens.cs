using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Mspn.Testing;

/// <summary>The reference numbers: the folder that MSPN_GOLDENS names, or the copy in tests/goldens.</summary>
public static class Goldens
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("MSPN_GOLDENS");

    /// <summary>Whether MSPN_GOLDENS names the folder.</summary>
    public static bool AreGiven => Given is { Length: > 0 };

    public static string Folder { get; } = AreGiven ? Path.GetFullPath(Given!) : Copy();

    private static readonly Lazy<ILookup<bool, GoldenCase>> Index = new(() => ReadJson(Path.Combine(Folder, "INDEX.json")).GetProperty("entries").EnumerateArray()
        .Select(e => new GoldenCase(Folder, e)).ToLookup(c => System.IO.File.Exists(c.FullPath)));

    /// <summary>Files that the index lists and the folder lacks.</summary>
    public static IEnumerable<string> Missing => Index.Value[false].Select(c => c.File);

    /// <summary>Cases of an area whose file name begins so and is of that kind.</summary>
    public static IReadOnlyList<GoldenCase> Find(string area, string prefix, string extension) =>
        [.. Index.Value[true].Where(c => c.Area == area && c.Name.StartsWith(prefix, StringComparison.Ordinal)
            && c.Name.EndsWith(extension, StringComparison.Ordinal) && !c.Name.EndsWith(".keys.json", StringComparison.Ordinal))];

    /// <summary>The same as theory data.</summary>
    public static IEnumerable<object?[]> Rows(string area, string prefix, string extension) => Rows(Find(area, prefix, extension));

    /// <summary>Cases as theory data: one row per file, by name. None at all are one row of null, since a theory must have a row.</summary>
    public static IEnumerable<object?[]> Rows(IEnumerable<GoldenCase> cases) => cases.Select(c => (string?)c.File).DefaultIfEmpty().Select(file => new object?[] { file });

    /// <summary>The files of an area that record a network's outputs, as theory data.</summary>
    public static IEnumerable<object?[]> Networks(string area) => Rows(
        Find(area, string.Empty, ".safetensors").Where(c => c.Entry.TryGetProperty("config", out _) && c.Entry.TryGetProperty("outputs", out _)));

    /// <summary>The case of a row; skips the test if the folder has none of this kind.</summary>
    public static GoldenCase Case(string? file)
    {
        Skip.If(file is null, $"{Folder} has no file of this kind.");
        return Index.Value[true].Single(c => c.File == file);
    }

    public static JsonElement ReadJson(string path)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    // Found from this source file, so that nothing has to be copied into output folders.
    private static string Copy([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "goldens"));
}
