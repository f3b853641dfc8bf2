using Xunit;
using System.Runtime.CompilerServices;

namespace Mspn.Testing;

/// <summary>Real photos and annotations beside the repository (or where MSPN_DATA says). They are not ours to publish, so tests on them skip without them.</summary>
public static class RealData
{
    /// <summary>A file or folder of the real data; skips the test if it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([Folder, .. parts]);
        Skip.IfNot(File.Exists(path) || Directory.Exists(path), $"Real data are not here: {path}.");
        return path;
    }

    private static string Folder => Environment.GetEnvironmentVariable("MSPN_DATA") is { Length: > 0 } given ? given : Beside();

    private static string Beside([CallerFilePath] string source = "") => System.IO.Path.GetFullPath(
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(source)!, "..", "..", "..", "shared", "data"));
}
