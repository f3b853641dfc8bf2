using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Goes on with Adam where a program of PyTorch stopped: the optimiser's state of checkpoints as the official MSPN code, mmpose and others save them
/// (<c>optimizer</c> beside <c>model</c> or <c>state_dict</c>).
/// </summary>
/// <remarks>
/// The file numbers parameters instead of naming them, in the order of the state dict without its buffers; every moment's shape is compared with its
/// parameter's, so that another order does not pass for this one where shapes tell them apart. Older files of AdamW look like Adam's: there
/// the caller must know that weight decay meant something else.
/// </remarks>
public static class AdamImport
{
    private static readonly string[] Buffers = [".running_mean", ".running_var", ".num_batches_tracked"];

    /// <summary>Finds out whether a network's training can go on from a checkpoint, without changing anything.</summary>
    /// <param name="module">The network; its parameters that are to be trained require gradients.</param>
    /// <param name="checkpoint">The file.</param>
    /// <param name="keys">The file's names.</param>
    /// <returns>What would be done, or precisely why it cannot be.</returns>
    /// <exception cref="PoseDataException">The file has no state dict, or cannot be read.</exception>
    public static AdamImportReport Check(nn.Module module, PytorchFile checkpoint, KeyMap keys) => Plan(module, checkpoint, keys).Report;

    /// <summary>Overwrites Adam's moments and step count by a checkpoint's. The weights are <see cref="WeightImport.Load"/>'s business.</summary>
    /// <param name="stepper">
    /// Has the network. It keeps its own weight decay, and the learning rate is given for each step: the report says what they were in the file.
    /// </param>
    /// <param name="checkpoint">The file.</param>
    /// <param name="keys">The file's names.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="PoseDataException">
    /// Training cannot go on from this file; nothing was changed, and the message says why. Or it cannot be read on, which leaves the moments before
    /// that point restored.
    /// </exception>
    public static AdamImportReport Load(TrainingStepper stepper, PytorchFile checkpoint, KeyMap keys)
    {
        ArgumentNullException.ThrowIfNull(stepper);
        var (report, entries) = Plan(stepper.Module, checkpoint, keys);
        if (!report.Fits)
        {
            throw new PoseDataException(report.File, $"training cannot go on with its optimiser: {string.Join("; ", report.Problems)}.");
        }
        var own = NetworkWeights.Of(stepper.Module);
        stepper.RestoreOptimizerState(Read, report.Steps);
        return report;

        Tensor Read(string moment)
        {
            var slash = moment.IndexOf('/', StringComparison.Ordinal);
            var name = moment[(slash + 1)..];
            return entries.TryGetValue(name, out var entry) ? checkpoint.Read($"{entry}/{moment[..slash]}") : zeros(own[name].shape);
        }
    }

    // The report, and the entry in the file of each of our parameters whose moments are there.
    private static (AdamImportReport Report, Dictionary<string, string> Entries) Plan(nn.Module module, PytorchFile checkpoint, KeyMap keys)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(keys);
        var stored = new StoredAdam(checkpoint);
        var weights = CheckpointLayout.Of(checkpoint).Weights;
        string[] parameters = [.. weights.Names.Where(n => !Array.Exists(Buffers, buffer => n.EndsWith(buffer, StringComparison.Ordinal)))];
        var problems = stored.Problems.ToList();
        var fit = WeightImport.Check(module, weights, keys);
        if (!fit.Fits)
        {
            problems.Add($"its weights do not fit the network with the names of {keys.Name}: {fit.Problems}");
        }
        if (stored.Problems.Count == 0 && stored.Entries.Count != parameters.Length)
        {
            problems.Add($"its optimiser has {stored.Entries.Count} parameters, its state dict {parameters.Length}");
        }
        var moved = problems.Count > 0 ? [] : parameters.Zip(stored.Entries).Where(p => stored.HasMoved(p.Second)).ToDictionary(p => p.First, p => p.Second);
        CompareShapes(moved, checkpoint, weights, problems);
        var steps = CommonSteps(moved, stored, problems);
        if (problems.Count > 0)
        {
            return (new AdamImportReport { File = checkpoint.Path, Problems = problems }, []);
        }
        var trained = module.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name).ToHashSet(StringComparer.Ordinal);
        string[] common = [.. fit.Loaded.Where(trained.Contains)];
        var entries = common.Where(n => moved.ContainsKey(keys.Theirs(n)!)).ToDictionary(n => n, n => moved[keys.Theirs(n)!], StringComparer.Ordinal);
        var used = entries.Values.ToHashSet(StringComparer.Ordinal);
        return (new AdamImportReport
        {
            File = checkpoint.Path,
            Problems = [],
            Restored = [.. entries.Keys],
            ZeroedBiases = [.. fit.ZeroedBiases.Where(trained.Contains)],
            NeverMoved = [.. common.Where(n => !entries.ContainsKey(n))],
            Dropped = [.. moved.Where(p => !used.Contains(p.Value)).Select(p => p.Key)],
            Steps = steps,
            LearningRate = stored.LearningRate,
            WeightDecay = stored.WeightDecay,
            Iteration = checkpoint.Value("iteration") as long?,
        }, entries);
    }

    private static void CompareShapes(Dictionary<string, string> moved, PytorchFile checkpoint, WeightFile weights, List<string> problems)
    {
        string[] wrong =
        [
            .. moved.SelectMany(p => StoredAdam.Moments.Select(moment => (Name: p.Key, Moment: moment, Path: $"{p.Value}/{moment}")))
                .Where(m => !checkpoint.Contains(m.Path) || !checkpoint.Shape(m.Path).SequenceEqual(weights.Shape(m.Name)))
                .Select(m => checkpoint.Contains(m.Path)
                    ? $"{m.Moment} of {m.Name} ([{string.Join(", ", checkpoint.Shape(m.Path))}] for [{string.Join(", ", weights.Shape(m.Name))}])"
                    : $"{m.Moment} of {m.Name} (not there)"),
        ];
        if (wrong.Length > 0)
        {
            problems.Add($"{wrong.Length} moments do not have their parameters' shapes: {AdamImportReport.Some(wrong)}");
        }
    }

    private static long CommonSteps(Dictionary<string, string> moved, StoredAdam stored, List<string> problems)
    {
        var counts = moved.GroupBy(p => stored.Steps(p.Value)).OrderByDescending(g => g.Count()).ToArray();
        if (counts.FirstOrDefault(g => g.Key is null) is { } unknown)
        {
            problems.Add($"{unknown.Count()} parameters have no whole number of steps, such as {unknown.First().Key}");
        }
        else if (counts.Length > 1)
        {
            problems.Add("its parameters have done different numbers of steps, which this library's Adam cannot: "
                + string.Join(", ", counts.Take(3).Select(g => $"{g.Count()} have done {g.Key}, such as {g.First().Key}")));
        }
        return counts is [{ Key: { } steps }] ? steps : 0;
    }
}
