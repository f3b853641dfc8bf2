using System.Runtime.InteropServices;

namespace Mspn.Training;

/// <summary>
/// Tells glibc to keep what libtorch frees. A training step frees and allocates the same activations again and again; by default they go back to
/// the kernel each time and come back as pages that have to be zeroed, which took about a tenth of a step of a small network.
/// </summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 * 1024 * 1024; // glibc refuses more

    /// <summary>Does so on Linux with glibc, and nothing elsewhere.</summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            _ = MallocOption(TrimThreshold, int.MaxValue);
            _ = MallocOption(MmapThreshold, LargestMmapThreshold);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // another C library, which has its own ways
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);
}
