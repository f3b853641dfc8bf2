using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Fills a network from a file with another code base's names, strictly: all that is missing, left over or of another shape is reported.</summary>
/// <remarks>
/// A convolution's bias in front of a batch normalisation changes nothing that the two compute together, so networks with and without such biases
/// are filled from each other's files: a bias that the network lacks is subtracted from the normalisation's running mean, one that the file lacks
/// becomes zero.
/// </remarks>
public static class WeightImport
{
    private const string Counter = ".num_batches_tracked";

    /// <summary>Compares a file with a network without changing either.</summary>
    /// <param name="module">The network.</param>
    /// <param name="weights">The file, without prefixes (<see cref="CheckpointLayout.Weights"/>).</param>
    /// <param name="keys">The file's names.</param>
    /// <param name="part">
    /// Whether the map is about a part of the network and of the file: tensors of the network that it does not cover stay as they are, tensors of the
    /// file that it does not cover are ignored. Default false: everything must fit.
    /// </param>
    public static ImportReport Check(nn.Module module, WeightFile weights, KeyMap keys, bool part = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(keys);
        return Compare(NetworkWeights.Of(module), weights, keys, part);
    }

    /// <summary>Overwrites a network's tensors by a file's.</summary>
    /// <param name="module">The network.</param>
    /// <param name="weights">The file, without prefixes (<see cref="CheckpointLayout.Weights"/>).</param>
    /// <param name="keys">The file's names.</param>
    /// <param name="part">Whether the map is about a part of both; see <see cref="Check"/>.</param>
    /// <param name="progress">Told how many tensors are done.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="PoseDataException">Something does not fit; nothing was changed, and the message lists it. Or the file cannot be read on.</exception>
    public static ImportReport Load(nn.Module module, WeightFile weights, KeyMap keys, bool part = false, IProgress<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(keys);
        var own = NetworkWeights.Of(module);
        var report = Compare(own, weights, keys, part);
        if (!report.Fits || report.Loaded.Count == 0)
        {
            throw new PoseDataException(
                weights.Path, $"the weights do not fit the network with the names of {keys.Name}: {(report.Fits ? "none of them is there" : report.Problems)}.");
        }
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        weights.ReadInto([.. report.Loaded.Select(name => (keys.Theirs(name)!, own[name]))], progress);
        foreach (var name in report.ZeroedBiases.Concat(report.ZeroedCounters))
        {
            own[name].zero_();
        }
        foreach (var theirs in report.FoldedBiases)
        {
            var mean = own[NormalizationBehind(keys.Ours(theirs)!, own)!];
            using var bias = weights.Read(theirs);
            mean.copy_(mean.Minus(bias.to(mean.dtype, mean.device)));
        }
        return report;
    }

    private static ImportReport Compare(IReadOnlyDictionary<string, Tensor> own, WeightFile weights, KeyMap keys, bool part)
    {
        List<string> loaded = [], missing = [], mismatched = [], zeroedBiases = [], zeroedCounters = [], untouched = [];
        foreach (var (name, tensor) in own)
        {
            var theirs = keys.Theirs(name);
            if (theirs is null)
            {
                (part ? untouched : missing).Add(name);
            }
            else if (!weights.Contains(theirs))
            {
                var where = NormalizationBehind(name, own) is not null ? zeroedBiases : name.EndsWith(Counter, StringComparison.Ordinal) ? zeroedCounters : missing;
                where.Add(where == missing ? $"{name} ({theirs} in the file)" : name);
            }
            else if (!weights.Shape(theirs).SequenceEqual(tensor.shape))
            {
                mismatched.Add($"{theirs} (file [{string.Join(", ", weights.Shape(theirs))}], network [{string.Join(", ", tensor.shape)}])");
            }
            else
            {
                loaded.Add(name);
            }
        }
        List<string> folded = [], ignored = [], unexpected = [];
        var unused = keys.Unused.Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var theirs in weights.Names)
        {
            var ours = keys.Ours(theirs);
            if (ours is null || !own.ContainsKey(ours))
            {
                var where = ours is not null && Folds(ours, theirs, own, weights) ? folded
                    : unused.Contains(theirs) || (part && ours is null) ? ignored
                    : unexpected;
                where.Add(theirs);
            }
        }
        return new ImportReport
        {
            File = weights.Path,
            Names = keys.Name,
            Loaded = loaded,
            Missing = missing,
            Unexpected = unexpected,
            Mismatched = mismatched,
            FoldedBiases = folded,
            ZeroedBiases = zeroedBiases,
            ZeroedCounters = zeroedCounters,
            Ignored = ignored,
            Untouched = untouched,
        };
    }

    private static bool Folds(string ours, string theirs, IReadOnlyDictionary<string, Tensor> own, WeightFile weights) =>
        NormalizationBehind(ours, own) is { } mean && own[mean].shape.SequenceEqual(weights.Shape(theirs));

    // The running mean of the normalisation that stands beside a convolution, for the convolution's bias; null for other names.
    private static string? NormalizationBehind(string bias, IReadOnlyDictionary<string, Tensor> own)
    {
        if (!bias.EndsWith(".bias", StringComparison.Ordinal))
        {
            return null;
        }
        var layer = bias[..^".bias".Length];
        var dot = layer.LastIndexOf('.');
        if (dot < 0 || layer.AsSpan(dot).SequenceEqual(".bn"))
        {
            return null;
        }
        var mean = layer[..dot] + ".bn.running_mean";
        return own.ContainsKey(mean) && own.TryGetValue(layer + ".weight", out var weight) && weight.dim() == 4 ? mean : null;
    }
}
