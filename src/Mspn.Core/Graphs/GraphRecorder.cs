using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Notes what a network computes while it computes it. Layers with weights, poolings and the like are watched by hooks; what modules compute besides
/// goes through <see cref="Primitives"/>, <see cref="KeptScalars"/> and <see cref="Resampling"/>, which tell the recorder that is open on their thread.
/// </summary>
internal sealed class GraphRecorder
{
    private const string Advice =
        "it computes with other operations than the library's modules and TorchSharp's convolutions, linear layers, normalisations, max poolings and ReLUs.";

    // Of the largest value of a map; the same kernels run twice on the same numbers.
    private const double Tolerance = 1e-3;

    [ThreadStatic]
    private static GraphRecorder? t_current;

    // By identity: a tensor object is one value until an operation in place makes it another.
    private readonly Dictionary<Tensor, GraphValue> _values = new(ReferenceEqualityComparer.Instance);
    private readonly List<GraphNode> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Stack<string> _modules = new();

    private GraphRecorder()
    {
    }

    /// <summary>The recorder that is open on this thread, or null.</summary>
    public static GraphRecorder? Current => t_current;

    /// <summary>Runs a network once, in evaluation mode, and notes what its prediction is made of.</summary>
    /// <param name="network">The network, whose weights the graph refers to; nobody else may use it meanwhile. Its mode is restored.</param>
    /// <param name="size">Size of the images, which the graph's enlargements are made for. Default: the network's own.</param>
    /// <param name="everyMap">Whether the maps of all stages and scales are outputs (see <see cref="NetworkGraph.Outputs"/>). Default: the final ones alone.</param>
    /// <returns>The graph; the caller disposes it before the network.</returns>
    /// <exception cref="NotSupportedException">The network computes with operations that cannot be noted; the message names the module.</exception>
    public static NetworkGraph Record(IPoseNetwork network, ImageSize? size = null, bool everyMap = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var mode = new EvaluationMode(network.Module);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var images = Images(network, size ?? network.InputSize);
        var recorder = new GraphRecorder();
        using var watch = new LayerWatch(recorder, network.Module);
        var input = recorder.Begin(images);
        PoseOutput output;
        t_current = recorder;
        try
        {
            output = everyMap ? network.Predict(images) : network.PredictFinal(images);
        }
        finally
        {
            t_current = null;
        }
        var maps = Maps(network, output);
        var graph = new NetworkGraph(
            input, maps.ToDictionary(m => m.Key, m => recorder.Find(m.Value, $"its output '{m.Key}'"), StringComparer.Ordinal), recorder._nodes);
        Check(graph, images, maps);
        return graph;
    }

    /// <summary>Notes an operation.</summary>
    /// <param name="operation">What was computed.</param>
    /// <param name="inputs">Of what.</param>
    /// <param name="output">What came out; one of the inputs itself if it was overwritten.</param>
    /// <param name="name">The layer; null for what the module that runs now computes by itself.</param>
    /// <exception cref="NotSupportedException">An input comes from an operation that was not noted.</exception>
    public void Add(GraphOperation operation, IReadOnlyList<Tensor> inputs, Tensor output, string? name = null)
    {
        var kind = operation.GetType().Name.Replace("Operation", string.Empty, StringComparison.Ordinal);
        name ??= _modules.Count > 0 && _modules.Peek().Length > 0 ? $"{_modules.Peek()}.{kind}" : kind;
        var values = inputs.Select(tensor => Find(tensor, $"what '{name}' reads")).ToArray();
        _nodes.Add(new GraphNode(Unique(name), operation, values, _values[output] = new GraphValue(output.shape)));
    }

    /// <summary>A module begins.</summary>
    public void Enter(string module) => _modules.Push(module);

    /// <summary>A module that is no layer ends: what it gives must have been noted.</summary>
    /// <exception cref="NotSupportedException">It comes from an operation that was not noted.</exception>
    public void Leave(nn.Module module, Tensor input, Tensor output)
    {
        var name = _modules.Pop();
        if (_values.ContainsKey(input) && !_values.ContainsKey(output))
        {
            throw new NotSupportedException(
                $"The {module.GetType().Name}{(name.Length > 0 ? $" '{name}'" : string.Empty)} cannot be recorded: {Advice}");
        }
    }

    private GraphValue Begin(Tensor images) => _values[images] = new GraphValue(images.shape);

    private GraphValue Find(Tensor tensor, string what) => _values.TryGetValue(tensor, out var value)
        ? value
        : throw new NotSupportedException(
            $"The network cannot be recorded: {what} was computed by an operation that is neither of the library's modules nor of TorchSharp's layers.");

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !_names.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }
        return unique;
    }

    // The final maps, then those before them, of which a final prediction has none.
    private static Dictionary<string, Tensor> Maps(IPoseNetwork network, PoseOutput output)
    {
        var maps = new Dictionary<string, Tensor>(StringComparer.Ordinal) { [NetworkGraph.Heatmaps] = output.Final };
        foreach (var extra in network.Extras)
        {
            maps.Add(extra.Name, output.FinalExtra(extra.Name));
        }
        foreach (var (stage, scales) in output.Heatmaps.Index())
        {
            var earlier = stage == output.Heatmaps.Count - 1 ? scales.SkipLast(1) : scales;
            foreach (var (scale, map) in earlier.Index())
            {
                maps.Add(NetworkGraph.HeatmapsOf(stage, scale), map);
            }
        }
        foreach (var extra in network.Extras)
        {
            foreach (var (stage, map) in output.Extras[extra.Name].SkipLast(1).Index())
            {
                maps.Add(NetworkGraph.ExtraOf(extra.Name, stage), map);
            }
        }
        return maps;
    }

    // Waves, so that every operation has something to do; no random numbers, since a training run's would change.
    private static Tensor Images(IPoseNetwork network, ImageSize size)
    {
        var weights = network.Module.parameters().FirstOrDefault();
        var values = new float[3 * size.Height * size.Width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Math.Sin(0.37 * i) + Math.Sin(0.011 * i));
        }
        using var scope = NewDisposeScope();
        return tensor(values, [1, 3, size.Height, size.Width])
            .to(weights?.dtype ?? ScalarType.Float32, weights?.device ?? CPU).MoveToOuterDisposeScope();
    }

    // What a network does to a noted tensor in place, without telling, cannot be seen. Its consequences can.
    private static void Check(NetworkGraph graph, Tensor images, Dictionary<string, Tensor> maps)
    {
        var computed = new GraphRunner(graph).Run(images);
        foreach (var (name, map) in maps)
        {
            var largest = map.abs().max().to(ScalarType.Float64).item<double>();
            if (!computed[name].allclose(map, rtol: Tolerance, atol: Tolerance * largest, equal_nan: true))
            {
                throw new NotSupportedException(
                    $"The network cannot be recorded: its operations, as they were noted, give other {name}. A module changes tensors in place with operations "
                    + "that are not the library's.");
            }
        }
    }
}
