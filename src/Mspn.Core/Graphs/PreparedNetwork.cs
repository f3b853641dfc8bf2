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
    private const int MostSizes = 32;

    private readonly NetworkGraph _graph;
    private readonly ScriptWeights _weights;
    private readonly ImageShape? _shape;
    private readonly OrderedDictionary<ImageSize, ScriptRunner> _runners = [];
    private readonly Lock _making = new();
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
        _graph = GraphRecorder.Record(network, everyMap: steps.EveryMap);
        try
        {
            if (steps.Folds)
            {
                BatchNormalizationFolding.Apply(_graph);
            }
            IdentityRemoval.Apply(_graph);
            var plain = _graph.Nodes;
            if (steps.Fuses && type is ScalarType.Float32 or ScalarType.BFloat16 && first?.device.type is null or TorchSharp.DeviceType.CPU)
            {
                ConvolutionFusion.Apply(_graph);
                _weights = TryMake(type, steps.AnySize ? null : InputSize)!;
            }
            if (_weights is null)
            {
                _graph.Replace(plain, new Dictionary<GraphValue, GraphValue>());
                _weights = ScriptWeights.Copy(_graph, type, pack: null, steps.ChannelsLast);
            }
        }
        finally
        {
            // What is computed is still needed, the weights are copied.
            _graph.Dispose();
        }
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
        var maps = RunnerFor(images).Run(images);
        return new PoseOutput(
            [[maps[NetworkGraph.Heatmaps]]], Extras.ToDictionary(e => e.Name, e => (IReadOnlyList<Tensor>)[maps[e.Name]], StringComparer.Ordinal));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed = true;
        foreach (var runner in _runners.Values)
        {
            runner.Dispose();
        }
        _weights.Dispose();
    }

    // Null if this libtorch was built without oneDNN.
    private ScriptWeights? TryMake(ScalarType type, ImageSize? pack)
    {
        ScriptWeights? weights = null;
        ScriptRunner? runner = null;
        try
        {
            using var scope = NewDisposeScope();
            weights = ScriptWeights.Copy(_graph, type, pack, channelsLast: true);
            runner = new ScriptRunner(_graph, weights, InputSize);
            _ = runner.Run(zeros(1, 3, InputSize.Height, InputSize.Width));
            _runners.Add(InputSize, runner);
            return weights;
        }
        catch (ExternalException)
        {
            runner?.Dispose();
            weights?.Dispose();
            return null;
        }
    }

    private ScriptRunner RunnerFor(Tensor images)
    {
        (_shape ?? new ImageShape(1, 1)).Check(images);
        var size = new ImageSize((int)images.shape[2], (int)images.shape[3]);
        if (_shape is null && size != InputSize)
        {
            throw new ArgumentException($"Expected images [N, 3, {InputSize.Height}, {InputSize.Width}], given [{string.Join(", ", images.shape)}].", nameof(images));
        }
        lock (_making)
        {
            if (!_runners.TryGetValue(size, out var runner))
            {
                if (_runners.Count == MostSizes)
                {
                    // The oldest. Another thread may be using it, so it is left to the garbage collector.
                    _runners.Remove(_runners.Keys.First(other => other != InputSize));
                }
                _runners.Add(size, runner = new ScriptRunner(_graph, _weights, size));
            }
            return runner;
        }
    }
}
