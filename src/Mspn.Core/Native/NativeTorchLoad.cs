namespace Mspn.Core;

/// <summary>How TorchSharp's native library came to be loaded.</summary>
public enum NativeTorchLoad
{
    /// <summary>Nothing was done here: not Linux on x64, or the libraries were not found beside the application.</summary>
    LeftToTorchSharp,

    /// <summary>The library loaded as it is.</summary>
    Plain,

    /// <summary>The library loaded from a private copy that no longer insists on a newer C++ runtime.</summary>
    RelaxedCopy,
}
