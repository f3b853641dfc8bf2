namespace Mspn.Core;

/// <summary>Finds a network's tensors among all those of a checkpoint, and takes off what training programs put before their names.</summary>
public sealed class CheckpointLayout
{
    // nn.DataParallel and its like hold the network as a child of this name; princeton-vl's hourglasses have one more around that.
    private static readonly string[] Wrappers = ["module.", "model.module."];

    // mmengine's constants beside the network, which mmpose, too, leaves out when it loads a checkpoint.
    private static readonly string[] NotOfTheNetwork = ["data_preprocessor.mean", "data_preprocessor.std"];

    private CheckpointLayout(CheckpointKind kind, string prefix, bool hasOptimizer, WeightFile weights) =>
        (Kind, Prefix, HasOptimizer, Weights) = (kind, prefix, hasOptimizer, weights);

    /// <summary>The arrangement.</summary>
    public CheckpointKind Kind { get; }

    /// <summary>What precedes the names of the network's tensors in the file, such as <c>model/module.</c>; may be empty.</summary>
    public string Prefix { get; }

    /// <summary>Whether the optimiser's state is there too.</summary>
    public bool HasOptimizer { get; }

    /// <summary>
    /// The network's tensors by their names in its state dict. They are read from the file it was found in, which must stay open; this view
    /// itself needs no disposal.
    /// </summary>
    public WeightFile Weights { get; }

    /// <summary>Finds out about a file.</summary>
    /// <param name="file">The file; it stays the caller's.</param>
    /// <exception cref="PoseDataException">The file has no state dict where one would be: its tensors are not a network's, or there are none.</exception>
    public static CheckpointLayout Of(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var (kind, prefix) = Has("state_dict/") ? (CheckpointKind.NamedStateDict, "state_dict/")
            : Has("model/") ? (CheckpointKind.Model, "model/")
            : (CheckpointKind.StateDict, string.Empty);
        var names = file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n.IndexOfAny(['/', '['], prefix.Length) < 0
            && !NotOfTheNetwork.Contains(n[prefix.Length..])).ToArray();
        if (names.Length == 0)
        {
            throw new PoseDataException(
                file.Path, "it has no state dict: neither tensors by their names, nor any below 'state_dict' or 'model'.");
        }
        prefix += Array.Find(Wrappers, wrapper => names.All(n => n.AsSpan(prefix.Length).StartsWith(wrapper)));
        var hasOptimizer = Has("optimizer/") || file is PytorchFile checkpoint && checkpoint.Value("optimizer") is not null;
        return new CheckpointLayout(kind, prefix, hasOptimizer, new RenamedWeights(file, names.Select(n => (n[prefix.Length..], n))));

        bool Has(string beginning) => file.Names.Any(n => n.StartsWith(beginning, StringComparison.Ordinal));
    }
}
