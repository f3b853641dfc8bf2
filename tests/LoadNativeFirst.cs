using System.Runtime.CompilerServices;

namespace Mspn.Testing;

// A test's first torch call may come before its first use of the library.
internal static class LoadNativeFirst
{
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Load() => Mspn.Core.NativeTorch.Initialize();
#pragma warning restore CA2255
}
