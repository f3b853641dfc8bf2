using System.Runtime.InteropServices;

namespace Mspn.Core.Tests.Native;

/// <summary>TorchSharp's real native library beside the test.</summary>
internal static class Bridge
{
    public static byte[] Read()
    {
        Skip.IfNot(RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && RuntimeInformation.ProcessArchitecture == Architecture.X64);
        var folders = new[] { AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native") };
        return File.ReadAllBytes(folders.Select(f => Path.Combine(f, NativeTorchLoader.Bridge)).First(File.Exists));
    }
}
