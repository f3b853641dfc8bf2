using System.Runtime.InteropServices;

namespace Mspn.Core;

/// <summary>The steps behind <see cref="NativeTorch"/>, with the operating system behind two functions so that each can be tested.</summary>
internal sealed class NativeTorchLoader(Func<string, string?> find, Func<string, string?> tryLoad)
{
    public const string MissingVersion = "GLIBCXX_3.4.32";
    public const string Bridge = "libLibTorchSharp.so";

    /// <summary>A loader that looks in the application's folders and asks the real dynamic linker.</summary>
    public static NativeTorchLoader ForThisProcess() => new(FindBesideApplication, TryLoadLibrary);

    /// <summary>Loads TorchSharp's bridge library, the plain way first.</summary>
    /// <returns>What had to be done.</returns>
    public NativeTorchLoad Load()
    {
        if (find(Bridge) is not { } bridge)
        {
            return NativeTorchLoad.LeftToTorchSharp;
        }
        // The bridge needs these three; from the application's own folder they are found by path only.
        foreach (var library in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            if (find(library) is { } path && tryLoad(path) is not null)
            {
                return NativeTorchLoad.LeftToTorchSharp;
            }
        }
        var error = tryLoad(bridge);
        if (error is null)
        {
            return NativeTorchLoad.Plain;
        }
        return error.Contains(MissingVersion, StringComparison.Ordinal) && LoadRelaxedCopy(bridge)
            ? NativeTorchLoad.RelaxedCopy
            : NativeTorchLoad.LeftToTorchSharp;
    }

    private bool LoadRelaxedCopy(string bridge)
    {
        DirectoryInfo? folder = null;
        try
        {
            var bytes = File.ReadAllBytes(bridge);
            if (ElfSymbolVersions.MakeWeak(bytes, MissingVersion) == 0)
            {
                return false;
            }
            folder = Directory.CreateTempSubdirectory("mspn-native-");
            var copy = Path.Combine(folder.FullName, Bridge);
            File.WriteAllBytes(copy, bytes);
            return tryLoad(copy) is null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // no place for the copy: TorchSharp's own error is the better one to see
        }
        finally
        {
            TryDelete(folder); // the mapping outlives the file
        }
    }

    private static void TryDelete(DirectoryInfo? folder)
    {
        try
        {
            folder?.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Network file systems keep what is mapped. A leftover is no reason for a program not to start.
        }
    }

    private static string? FindBesideApplication(string file)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string? TryLoadLibrary(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }
}
