using System.Text.Json;

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
