using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What all writers of weight files ask of what they are given.</summary>
internal static class NamedTensors
{
    /// <summary>The tensors, once their names are known to differ: a file with one name twice could not be read.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public static KeyValuePair<string, Tensor>[] Checked(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        KeyValuePair<string, Tensor>[] list = [.. tensors];
        var names = new HashSet<string>(StringComparer.Ordinal);
        return Array.Find(list, tensor => !names.Add(tensor.Key)) is { Key: { } twice }
            ? throw new ArgumentException($"Two tensors are called '{twice}'.", nameof(tensors))
            : list;
    }
}
