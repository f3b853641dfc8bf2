using System.Globalization;
using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// What a checkpoint's <c>optimizer</c> says, as <c>torch.optim.Optimizer.state_dict</c> arranges it, and why it is not a state of this library's Adam.
/// Parameters have no names there: they are counted through the groups, and an entry's key is that count or, in older files, an address.
/// </summary>
internal sealed class StoredAdam
{
    private const string Groups = "optimizer/param_groups";
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";
    private const string LargestSquare = "max_exp_avg_sq";
    private const string Step = "step";

    private static readonly string[] Settings = ["lr", "betas", "eps", "weight_decay", "amsgrad"];

    private readonly PytorchFile _file;
    private readonly List<string> _problems = [];
    private readonly List<string> _entries = [];

    public StoredAdam(PytorchFile file)
    {
        _file = file;
        if (file.Value("optimizer") is not IReadOnlyDictionary<string, object?> optimizer)
        {
            _problems.Add("it has no optimiser's state");
        }
        else if (optimizer.GetValueOrDefault("state") is not IReadOnlyDictionary<string, object?> state
            || optimizer.GetValueOrDefault("param_groups") is not IReadOnlyList<object?> { Count: > 0 } groups)
        {
            _problems.Add($"its 'optimizer' holds {Join(optimizer.Keys)}, where 'state' and 'param_groups' were expected");
        }
        else if (CheckKind(state) && CheckSettings(groups))
        {
            CollectEntries(groups);
        }
    }

    /// <summary>Why this is no state of Adam that can be gone on with; empty if it is one.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Paths of the parameters' entries in the file, in the parameters' order, whether there is an entry or not.</summary>
    public IReadOnlyList<string> Entries => _entries;

    /// <summary>The learning rate of all groups.</summary>
    public double LearningRate { get; private set; }

    /// <summary>The L2 term of all groups.</summary>
    public double WeightDecay { get; private set; }

    /// <summary>Names of the two moments in the file.</summary>
    public static IReadOnlyList<string> Moments { get; } = [Mean, Square];

    /// <summary>Whether the optimiser has ever moved a parameter: those without a gradient have no entry.</summary>
    public bool HasMoved(string entry) => _file.Value(entry) is IReadOnlyDictionary<string, object?> { Count: > 0 };

    /// <summary>Steps that a parameter's moments have seen, or null if there is no such number.</summary>
    public long? Steps(string entry) =>
        Number($"{entry}/{Step}") is { } steps and >= 1 and < 1L << 53 && Math.Floor(steps) == steps ? (long)steps : null;

    private static string Join(IEnumerable<string> names) => names.Any() ? string.Join(", ", names.Select(n => $"'{n}'")) : "nothing";

    private static string Show(IEnumerable<double> numbers) => string.Join(" and ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));

    private bool CheckKind(IReadOnlyDictionary<string, object?> state)
    {
        var held = state.Values.OfType<IReadOnlyDictionary<string, object?>>().SelectMany(entry => entry.Keys).Distinct().ToArray();
        if (held.Length == 0)
        {
            _problems.Add("its optimiser keeps nothing for any parameter: it has done no step, or it is a kind without moments");
        }
        else if (held.Contains(LargestSquare))
        {
            _problems.Add($"its optimiser is Adam's AMSGrad variant ('{LargestSquare}'), which this library does not have");
        }
        else if (!held.ToHashSet().SetEquals([Mean, Square, Step]))
        {
            _problems.Add($"its optimiser is not Adam: it keeps {Join(held)} for each parameter, where '{Step}', '{Mean}' and '{Square}' were expected");
        }
        return _problems.Count == 0;
    }

    private bool CheckSettings(IReadOnlyList<object?> groups)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            if (groups[i] is not IReadOnlyDictionary<string, object?> group || group.GetValueOrDefault("params") is not IReadOnlyList<object?>)
            {
                _problems.Add($"its parameter group {i} has no list 'params'");
            }
            else if (Settings.Where(setting => !group.ContainsKey(setting)).ToArray() is { Length: > 0 } missing)
            {
                _problems.Add($"its parameter group {i} has no {Join(missing)}, so that its optimiser is not Adam or not known well enough");
            }
        }
        if (_problems.Count > 0)
        {
            return false;
        }
        RefuseFlag("amsgrad", "Adam's AMSGrad variant, which this library does not have");
        RefuseFlag("maximize", "set to climb ('maximize'), which this library's cannot");
        RefuseFlag("decoupled_weight_decay", "AdamW ('decoupled_weight_decay'), which this library does not have");
        LearningRate = Same("lr");
        WeightDecay = Same("weight_decay");
        Expect("betas[0]", Adam.Beta1);
        Expect("betas[1]", Adam.Beta2);
        Expect("eps", Adam.Epsilon);
        return _problems.Count == 0;

        void RefuseFlag(string flag, string what)
        {
            if (Enumerable.Range(0, groups.Count).Any(i => _file.Value($"{Groups}[{i}]/{flag}") is true))
            {
                _problems.Add($"its optimiser is {what}");
            }
        }

        void Expect(string setting, double expected)
        {
            if (Same(setting) is var value && double.IsFinite(value) && value != expected)
            {
                _problems.Add($"its optimiser's {setting} is {Show([value])}, where this library's Adam has {Show([expected])}");
            }
        }

        double Same(string setting)
        {
            double[] values = [.. Enumerable.Range(0, groups.Count).Select(i => Number($"{Groups}[{i}]/{setting}") ?? double.NaN).Distinct()];
            if (!values.All(double.IsFinite))
            {
                _problems.Add($"its optimiser's {setting} is not a number");
            }
            else if (values.Length > 1)
            {
                _problems.Add($"its parameter groups have different {setting}: {Show(values)}");
            }
            return values is [var value] ? value : double.NaN;
        }
    }

    private void CollectEntries(IReadOnlyList<object?> groups)
    {
        foreach (var key in groups.Cast<IReadOnlyDictionary<string, object?>>().SelectMany(group => (IReadOnlyList<object?>)group["params"]!))
        {
            if (key is not long number)
            {
                _problems.Add("its parameter groups list something else than numbers");
                return;
            }
            _entries.Add(string.Create(CultureInfo.InvariantCulture, $"optimizer/state/{number}"));
        }
        if (_entries.Distinct().Count() != _entries.Count)
        {
            _problems.Add("its parameter groups list a parameter twice");
        }
    }

    // Newer versions keep step counts, and some programs the learning rate, as tensors of one number.
    private double? Number(string path)
    {
        if (_file.Contains(path) && _file.Shape(path).All(dimension => dimension == 1))
        {
            using var scope = NewDisposeScope();
            return _file.Read(path).to(ScalarType.Float64).item<double>();
        }
        return _file.Value(path) switch
        {
            double number => number,
            long number => number,
            _ => null,
        };
    }
}
