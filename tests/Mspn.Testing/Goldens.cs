using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Mspn.Testing;

/// <summary>One file of reference numbers, as INDEX.json describes it.</summary>
public sealed class GoldenCase(string folder, JsonElement entry)
{
    public string File { get; } = entry.GetProperty("file").GetString()!;

    public JsonElement Entry { get; } = entry;

    public string FullPath => Path.Combine(folder, File);

    public string Area => File[..File.IndexOf('/', StringComparison.Ordinal)];

    public string Name => Path.GetFileName(File);

    public ulong Seed => Entry.TryGetProperty("seed", out var s) ? s.GetUInt64() : 1;

    /// <summary>The side JSON: the file itself, or what "meta" points to.</summary>
    public JsonElement Json => Goldens.ReadJson(Path.Combine(folder, Entry.TryGetProperty("meta", out var m) ? m.GetString()! : File));

    /// <summary>The tensors: the file itself, or what "tensors" points to.</summary>
    public GoldenTensors Tensors => new(Path.Combine(folder, Entry.TryGetProperty("tensors", out var t) ? t.GetString()! : File));

    public string Beside(string relative) => Path.Combine(folder, relative);

    public override string ToString() => File;
}

/// <summary>The reference numbers: the folder that MSPN_GOLDENS names, or the copy in tests/goldens.</summary>
public static class Goldens
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("MSPN_GOLDENS");

    /// <summary>Whether MSPN_GOLDENS names the folder.</summary>
    public static bool AreGiven => Given is { Length: > 0 };

    public static string Folder { get; } = AreGiven ? Path.GetFullPath(Given!) : Copy();

    private static readonly Lazy<GoldenCase[]> Index = new(() =>
    {
        var index = Path.Combine(Folder, "INDEX.json");
        return [.. ReadJson(index).GetProperty("entries").EnumerateArray().Select(e => new GoldenCase(Folder, e))
            .Where(c => System.IO.File.Exists(c.FullPath))];
    });

    /// <summary>Cases of an area whose file name begins so and is of that kind.</summary>
    public static IReadOnlyList<GoldenCase> Find(string area, string prefix, string extension) =>
        [.. Index.Value.Where(c => c.Area == area && c.Name.StartsWith(prefix, StringComparison.Ordinal)
            && c.Name.EndsWith(extension, StringComparison.Ordinal) && !c.Name.EndsWith(".keys.json", StringComparison.Ordinal))];

    /// <summary>The same as theory data: one row per file, by name. A kind of file that the folder lacks altogether is one row of null.</summary>
    public static IEnumerable<object?[]> Rows(string area, string prefix, string extension)
    {
        var found = Find(area, prefix, extension);
        return found.Count == 0 ? [[null]] : found.Select(c => new object?[] { c.File });
    }

    /// <summary>The files of an area that record a network's outputs, as theory data.</summary>
    public static IEnumerable<object?[]> Networks(string area)
    {
        var found = Find(area, string.Empty, ".safetensors")
            .Where(c => c.Entry.TryGetProperty("config", out _) && c.Entry.TryGetProperty("outputs", out _)).ToArray();
        return found.Length == 0 ? [[null]] : found.Select(c => new object?[] { c.File });
    }

    /// <summary>The case of a row; skips the test if the folder has none of this kind.</summary>
    public static GoldenCase Case(string? file)
    {
        Skip.If(file is null, $"{Folder} has no file of this kind.");
        return Index.Value.Single(c => c.File == file);
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

/// <summary>Reading numbers from side JSON files, where not-a-number and infinities are strings.</summary>
public static class JsonNumbers
{
    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"'{other}' is not a number."),
        }
        : element.GetDouble();

    public static double Number(this JsonElement element, string property) => element.GetProperty(property).Number();

    public static int Int(this JsonElement element, string property) => element.GetProperty(property).GetInt32();

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    public static double[] Numbers(this JsonElement element, string property) => element.GetProperty(property).Numbers();

    public static double[][] Rows(this JsonElement element, string property) =>
        [.. element.GetProperty(property).EnumerateArray().Select(Numbers)];
}
