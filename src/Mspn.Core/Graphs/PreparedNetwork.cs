using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A network made ready to be run, not trained: normalisations folded into convolutions, additions and ReLUs joined with them, heads that do not reach the
/// prediction left out, weights laid out for the processor; one native call computes all of it.
/// </summary>
/// <remarks>
/// It has copies of the weights: later changes of the network are not seen, and the network may be disposed. Safe to use from several threads at once. On CPUs
/// convolutions are oneDNN's if this libtorch has them; elsewhere they are PyTorch's own.
/// </remarks>
public sealed class PreparedNetwork : IPosePredictor, IDisposable
{
    private readonly ScriptWeights _weights;
    private readonly ScriptRunner _runner;
    private readonly ImageShape? _shape;
    private bool _disposed;

    /// <summary>Prepares a network.</summary>
    /// <param name="network">The network. It is run once in evaluation mode, and nobody else may use it meanwhile; afterwards it is as it was.</param>
    /// <param name="precision">What to compute with. Default <see cref="NumericPrecision.Exact"/>.</param>
    /// <param name="anySize">Whether images may be of any size that the network takes, not only <see cref="InputSize"/>; a little slower. Default false.</param>
    /// <exception cref="NotSupportedException">The network computes with operations of the caller's own; the message names the module.</exception>
    public PreparedNetwork(IPoseNetwork network, NumericPrecision precision = NumericPrecision.Exact, bool anySize = false)
        : this(network, new Preparation { Precision = precision, AnySize = anySize })
    {
    }

    /// <summary>Prepares a network in steps of one's choice.</summary>
    internal PreparedNetwork(IPoseNetwork network, Preparation steps)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Keypoints, InputSize, HeatmapSize, Extras, Precision) = (network.Keypoints, network.InputSize, network.HeatmapSize, network.Extras, steps.Precision);
        _shape = steps.AnySize ? (network as MultiStageNetwork)?.Shape ?? new ImageShape(1, 1) : null;
        using var noGradients = no_grad();
        var first = network.Module.parameters().FirstOrDefault();
        var type = steps.Precision == NumericPrecision.Fast ? ScalarType.BFloat16 : first?.dtype ?? ScalarType.Float32;
        // What is computed is still needed after its end, the weights are copied.
        using var graph = GraphRecorder.Record(network, everyMap: steps.EveryMap);
        if (steps.Folds)
        {
            BatchNormalizationFolding.Apply(graph);
        }
        IdentityRemoval.Apply(graph);
        var plain = graph.Nodes;
        if (steps.Fuses && type is ScalarType.Float32 or ScalarType.BFloat16 && first?.device.type is null or TorchSharp.DeviceType.CPU)
        {
            ConvolutionFusion.Apply(graph);
            if (TryMake(graph, type, steps.AnySize ? null : InputSize) is { } made)
            {
                (_weights, _runner) = made;
                return;
            }
            graph.Replace(plain, new Dictionary<GraphValue, GraphValue>());
        }
        _weights = ScriptWeights.Copy(graph, type, pack: null, steps.ChannelsLast);
        _runner = new ScriptRunner(graph, _weights);
    }

    /// <inheritdoc />
    public KeypointSchema Keypoints { get; }

    /// <inheritdoc />
    public ImageSize InputSize { get; }

    /// <inheritdoc />
    public ImageSize HeatmapSize { get; }

    /// <inheritdoc />
    public IReadOnlyList<PoseExtra> Extras { get; }

    /// <summary>What it computes with.</summary>
    public NumericPrecision Precision { get; }

    /// <inheritdoc />
    /// <remarks>The maps are of the images' type and on their device.</remarks>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    public PoseOutput PredictFinal(Tensor images)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (_shape ?? new ImageShape(1, 1)).Check(images);
        if (_shape is null && new ImageSize((int)images.shape[2], (int)images.shape[3]) != InputSize)
        {
            throw new ArgumentException($"Expected images [N, 3, {InputSize.Height}, {InputSize.Width}], given [{string.Join(", ", images.shape)}].", nameof(images));
        }
        var maps = _runner.Run(images);
        return new PoseOutput(
            [[maps[NetworkGraph.Heatmaps]]], Extras.ToDictionary(e => e.Name, e => (IReadOnlyList<Tensor>)[maps[e.Name]], StringComparer.Ordinal));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        _weights.Dispose();
    }

    // Null if this libtorch was built without oneDNN.
    private static (ScriptWeights Weights, ScriptRunner Runner)? TryMake(NetworkGraph graph, ScalarType type, ImageSize? pack)
    {
        ScriptWeights? weights = null;
        try
        {
            using var scope = NewDisposeScope();
            weights = ScriptWeights.Copy(graph, type, pack, channelsLast: true);
            var runner = new ScriptRunner(graph, weights);
            _ = runner.Run(zeros(1, 3, graph.Size.Height, graph.Size.Width));
            return (weights, runner);
        }
        catch (ExternalException)
        {
            weights?.Dispose();
            return null;
        }
    }
}
