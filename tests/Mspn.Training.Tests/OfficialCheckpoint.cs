using Mspn.Core;
using TorchSharp;
using static Mspn.Testing.RawCheckpoint;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>
/// A training checkpoint as the official code saves it, of a network trained here. Everything in it is the code of a pickle by name, so that tests
/// can change it.
/// </summary>
internal sealed class OfficialCheckpoint
{
    public const string True = "\u0088";
    private const string False = "\u0089";

    private readonly List<(string Key, byte[] Bytes)> _storages = [];

    /// <summary>Parameters lie in another order than this library has them in, and between buffers.</summary>
    public OfficialCheckpoint(IPoseNetwork network, TrainingStepper stepper, KeyMap keys)
    {
        using var scope = NewDisposeScope();
        var (moments, steps) = stepper.OptimizerState();
        foreach (var (ours, tensor) in NetworkWeights.Of(network.Module).OrderByDescending(p => keys.Theirs(p.Key), StringComparer.Ordinal))
        {
            Weights.Add("module." + keys.Theirs(ours), Code(tensor));
            if (moments.TryGetValue("exp_avg/" + ours, out var mean))
            {
                Names.Add(keys.Theirs(ours)!);
                State.Add(new()
                {
                    ["step"] = Code(torch.tensor((float)steps)),
                    ["exp_avg"] = Code(mean),
                    ["exp_avg_sq"] = Code(moments["exp_avg_sq/" + ours]),
                });
            }
        }
        Group(0, State.Count);
    }

    /// <summary>What the state dict is called. Default <c>model</c>.</summary>
    public string Top { get; set; } = "model";

    /// <summary>The state dict.</summary>
    public OrderedDictionary<string, string> Weights { get; } = [];

    /// <summary>Names of the parameters in the optimiser's order, without the wrapper's prefix.</summary>
    public List<string> Names { get; } = [];

    /// <summary>What the optimiser keeps for each parameter.</summary>
    public List<Dictionary<string, string>> State { get; } = [];

    /// <summary>The optimiser's parameter groups.</summary>
    public List<Dictionary<string, string>> Groups { get; } = [];

    /// <summary>Whether the optimiser is saved too.</summary>
    public bool HasOptimizer { get; set; } = true;

    /// <summary>Code of a list of numbers.</summary>
    public static string Numbers(params double[] numbers) => List(numbers.Select(Number));

    /// <summary>Adds a group of so many parameters.</summary>
    public void Group(int first, int count) => Groups.Add(new()
    {
        ["lr"] = Number(1.25e-4), ["betas"] = Numbers(0.9, 0.999), ["eps"] = Number(1e-8), ["weight_decay"] = Number(1e-5), ["amsgrad"] = False,
        ["params"] = List(Enumerable.Range(first, count).Select(i => Number((long)i))),
    });

    /// <summary>The file, opened.</summary>
    public PytorchFile Open() => (PytorchFile)RawCheckpoint.Open(Bytes());

    /// <summary>The file.</summary>
    public byte[] Bytes()
    {
        var state = State.Index().Where(p => p.Item.Count > 0).Select(p => ($"{p.Index}", Dictionary(Pairs(p.Item))));
        var optimizer = Dictionary(("state", Dictionary(state)), ("param_groups", List(Groups.Select(g => Dictionary(Pairs(g))))));
        (string, string)[] items = [(Top, Dictionary(Pairs(Weights))), ("optimizer", optimizer), ("iteration", Number(1200L))];
        return Zip(Dictionary(items.Where(i => HasOptimizer || i.Item1 != "optimizer")), _storages);
    }

    /// <summary>Code of a tensor, whose numbers are kept for the file.</summary>
    public string Code(Tensor tensor)
    {
        var key = $"{_storages.Count}";
        _storages.Add((key, tensor.Bytes()));
        var strides = tensor.shape.Select((_, i) => tensor.shape.Skip(i + 1).Aggregate(1L, (product, size) => product * size));
        return Tensor(key, tensor.numel(), tensor.shape, [.. strides], type: tensor.dtype == ScalarType.Int64 ? "LongStorage" : "FloatStorage");
    }

    private static IEnumerable<(string, string)> Pairs(IEnumerable<KeyValuePair<string, string>> items) => items.Select(p => (p.Key, p.Value));
}
