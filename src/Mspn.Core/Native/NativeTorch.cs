using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Mspn.Core;

/// <summary>Makes TorchSharp's native library load on systems whose C++ runtime is older than the one it was built with.</summary>
/// <remarks>
/// <para>
/// <c>libLibTorchSharp.so</c> of TorchSharp 0.107 asks for the symbol version <c>GLIBCXX_3.4.32</c> (GCC 13). Debian 12 and Ubuntu 22.04
/// end at 3.4.30, and loading fails there with a misleading message about a missing libtorch package. The only symbol of that version
/// (<c>ios_base_library_init</c>) is never called, so the demand can be marked weak. That is all the help consists of: the plain load is
/// tried first; if it fails <em>for this reason</em>, a temporary copy with that one flag changed is loaded instead and deleted again.
/// The installed file is not touched, and where the plain load works nothing else happens.
/// </para>
/// <para>
/// This runs by itself when the first member of Mspn.Core is used. A program whose first call is TorchSharp's own must call
/// <see cref="Initialize"/> before it, since TorchSharp gives up for good after its first failure.
/// </para>
/// </remarks>
public static class NativeTorch
{
    private static readonly Lazy<NativeTorchLoad> Result = new(
        () => RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? NativeTorchLoader.ForThisProcess().Load()
            : NativeTorchLoad.LeftToTorchSharp);

    /// <summary>Loads the native library if that has not happened yet. Thread-safe; only the first call does anything.</summary>
    /// <param name="logger">Told at Information level when the relaxed copy had to be used.</param>
    /// <returns>How it was loaded.</returns>
    public static NativeTorchLoad Initialize(ILogger? logger = null)
    {
        if (Result.Value == NativeTorchLoad.RelaxedCopy)
        {
            logger?.LogInformation(
                "The C++ runtime here lacks {Version}; TorchSharp's native library was loaded from a private copy that does not insist on it.",
                NativeTorchLoader.MissingVersion);
        }
        return Result.Value;
    }

    // A library has no other moment that surely comes before the caller's first tensor.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void InitializeModule() => Initialize();
#pragma warning restore CA2255
}
