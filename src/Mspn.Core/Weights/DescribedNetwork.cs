using System.Runtime.InteropServices;

namespace Mspn.Core;

/// <summary>Networks that files describe, by options or by the shapes of their tensors.</summary>
internal static class DescribedNetwork
{
    /// <summary>Builds one, without values, since its weights follow.</summary>
    /// <param name="path">The file.</param>
    /// <param name="description">What of it describes the network.</param>
    /// <param name="options">What that says.</param>
    /// <exception cref="PoseDataException">There is no such network.</exception>
    public static IPoseNetwork Build(string path, string description, PoseNetworkOptions options)
    {
        try
        {
            return options.BuildWithoutValues();
        }
        // Of options, of limbs that cannot be mirrored, and from libtorch of sizes without end.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ExternalException)
        {
            throw new PoseDataException(path, $"{description} does not describe a network: {e.Message}", e);
        }
    }
}
