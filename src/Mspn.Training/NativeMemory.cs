using System.Runtime.InteropServices;

namespace Mspn.Training;

/// <summary>What becomes of memory that libtorch frees, on Linux with glibc; elsewhere nothing is done.</summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 * 1024 * 1024; // glibc refuses more

    /// <summary>
    /// It is kept. A training step frees and allocates the same activations again and again; by default they go back to the kernel each time and come back as
    /// pages that have to be zeroed, which took about a tenth of a step of a small network.
    /// </summary>
    public static void KeepFreed() => Try(() =>
    {
        _ = MallocOption(TrimThreshold, int.MaxValue);
        _ = MallocOption(MmapThreshold, LargestMmapThreshold);
    });

    /// <summary>
    /// What is free now goes back to the kernel. Left to itself, glibc held a third more than was in use after steps that recompute activations.
    /// </summary>
    public static void ReturnFreed() => Try(() => _ = Trim(0));

    private static void Try(Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            action();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // another C library, which has its own ways
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
