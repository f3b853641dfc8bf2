using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Copies weights between a network and a weight file, strictly.</summary>
public static class NetworkWeights
{
    /// <summary>All parameters and buffers of a module by name. They are the live tensors, not copies.</summary>
    public static IReadOnlyDictionary<string, Tensor> Of(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, b.buffer)))
            .ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
    }

    /// <summary>Overwrites a module's parameters and buffers by a file's tensors of the same names.</summary>
    /// <param name="module">The module.</param>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What precedes the names in the file; tensors without it are ignored. Default: none, and every tensor must fit.</param>
    /// <exception cref="PoseDataException">A tensor is missing, left over or of another shape; nothing was changed. The message lists them.
    /// Or the file cannot be read on, which leaves the weights before that point loaded.</exception>
    public static void Load(nn.Module module, WeightFile file, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(file);
        var own = Of(module);
        var stored = file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]).ToHashSet();
        var problems = new[]
        {
            ImportReport.Show("missing", [.. own.Keys.Where(n => !stored.Contains(n))]),
            ImportReport.Show("unexpected", [.. stored.Where(n => !own.ContainsKey(n))]),
            ImportReport.Show("of another shape", [.. own
                .Where(p => stored.Contains(p.Key) && !p.Value.shape.SequenceEqual(file.Shape(prefix + p.Key)))
                .Select(p => $"{p.Key} (file [{string.Join(", ", file.Shape(prefix + p.Key))}], network [{string.Join(", ", p.Value.shape)}])")]),
        }.OfType<string>().ToArray();
        if (problems.Length > 0)
        {
            throw new PoseDataException(file.Path, $"the weights do not fit the network: {string.Join("; ", problems)}.");
        }
        file.ReadInto([.. own.Select(p => (prefix + p.Key, p.Value))]);
    }
}
