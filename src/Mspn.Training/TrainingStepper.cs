using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>One optimiser step after another: forward, loss, backward, Adam. What a <see cref="Trainer"/> repeats.</summary>
/// <remarks>Not thread-safe. It owns the optimiser, not the network. All tensors of a step are freed when it ends.</remarks>
public sealed class TrainingStepper : IDisposable
{
    private readonly IPoseNetwork _network;
    private readonly TrainingStepOptions _options;
    private readonly TrainedParameter[] _parameters;
    private readonly Differentiation _differentiation;
    private readonly Replicas? _replicas;
    private readonly GradientSum _gradient;
    private readonly Adam _optimizer;
    private readonly WeightAverage? _average;
    private readonly Parameter[] _frozen;
    private bool _disposed;

    /// <summary>Prepares a network for training.</summary>
    /// <param name="network">The network; its parameters are trained in place. Frozen ones require no gradients until this is disposed.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">What a step does. Default: Adam with the official code's L2 term, and nothing else.</param>
    /// <exception cref="ArgumentException">An option is out of range, a layer rule catches nothing, there is nothing to train, <see cref="TrainingStepOptions.BFloat16"/>
    /// is asked for and the network is not in single precision, or <see cref="TrainingStepOptions.Replicas"/> and it cannot be built again.</exception>
    public TrainingStepper(IPoseNetwork network, IPoseLoss loss, TrainingStepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new TrainingStepOptions();
        _network = network;
        _options = options.Validated();
        Layers = LayerRule.Check(network.Module, options.Layers);
        if (options.BFloat16 && network.Module.parameters().FirstOrDefault(p => p.dtype != ScalarType.Float32) is { } other)
        {
            throw new ArgumentException($"{nameof(options.BFloat16)} needs a network in single precision, given {other.dtype}.", nameof(network));
        }
        if (!options.Recompute)
        {
            NativeMemory.KeepFreed(); // memory for time, the opposite of what recomputing is for
        }
        if (options.ChannelsLast)
        {
            MemoryLayout.ToChannelsLast(network.Module);
        }
        var factors = Layers.SelectMany(l => l.Parameters.Select(name => (name, l.Rule.Factor))).ToDictionary(p => p.name, p => p.Factor);
        var frozenStatistics = Layers.SelectMany(l => l.FrozenStatistics).ToHashSet();
        _frozen = [.. network.Module.named_parameters().Where(p => p.parameter.requires_grad && factors.GetValueOrDefault(p.name, 1) == 0).Select(p => p.parameter)];
        nn.Module[] keepStatistics = [.. network.Module.named_modules().Where(m => frozenStatistics.Contains(m.name)).Select(m => m.module)];
        SetFrozen(true);
        try
        {
            _parameters = TrainedParameter.Of(network.Module, name => factors.GetValueOrDefault(name, 1));
            _differentiation = new Differentiation(network, loss, options, _parameters, keepStatistics);
            _replicas = options.Replicas == 1
                ? null
                : new Replicas(_differentiation, options.Replicas, () => new Replica(network, loss, options, _parameters, frozenStatistics));
            _gradient = new GradientSum(_parameters);
            _optimizer = new Adam(_parameters, options.WeightDecay);
            _average = options.AverageDecay is { } decay ? new WeightAverage(_parameters, decay) : null;
        }
        catch
        {
            SetFrozen(false);
            _replicas?.Dispose();
            _differentiation?.Dispose();
            throw;
        }
    }

    /// <summary>What each of the layer rules caught.</summary>
    public IReadOnlyList<LayerRuleReport> Layers { get; }

    /// <summary>Norm of the last step's gradient before it was clipped; null without <see cref="TrainingStepOptions.GradientClip"/>.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>The network that is trained.</summary>
    internal nn.Module Module => _network.Module;

    /// <summary>Does one step with one batch.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, of the network's type.</param>
    /// <param name="targets">What the network should predict for them.</param>
    /// <param name="learningRate">The rate.</param>
    /// <returns>The loss before the step. If it is not finite, the weights were left as they are.</returns>
    /// <remarks>
    /// With <see cref="TrainingStepOptions.Recompute"/>, without clipping and replicas, each part of the network is moved as soon as its gradient is known, and the
    /// gradient freed: there is never that of the whole network. The numbers are those of <see cref="Accumulate"/> and <see cref="Step(double)"/>.
    /// </remarks>
    public double Step(Tensor images, PoseTargets targets, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(targets);
        if (!_options.Recompute || _options.GradientClip is not null || _replicas is not null || !_gradient.IsEmpty)
        {
            var loss = Accumulate(images, targets);
            if (double.IsFinite(loss))
            {
                Step(learningRate);
            }
            return loss;
        }
        _average?.Begin();
        _gradient.Clear(); // of what others did with the network
        var begun = false;
        var value = _differentiation.Run(images, targets, completed: parameters =>
        {
            if (!begun)
            {
                _optimizer.Begin(learningRate, gradientFactor: 1);
                begun = true;
            }
            _optimizer.Move(parameters);
            foreach (var parameter in parameters)
            {
                parameter.grad = null;
            }
        });
        if (double.IsFinite(value))
        {
            _average?.Follow();
        }
        return value;
    }

    /// <summary>Takes in one of the batches of a step: forward, loss, backward. The step itself is <see cref="Step(double)"/>.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, of the network's type.</param>
    /// <param name="targets">What the network should predict for them.</param>
    /// <returns>The loss. If it is not finite, all batches since the last step are forgotten.</returns>
    /// <remarks>
    /// The gradient is that of all batches in one, for losses that are means over people and networks without batch normalisation; that sees each batch
    /// alone, as with a batch on each of several devices.
    /// </remarks>
    public double Accumulate(Tensor images, PoseTargets targets)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(targets);
        if (_gradient.IsEmpty)
        {
            _gradient.Clear(); // of what others did with the network
        }
        var weight = _gradient.Weight(images.shape[0]);
        var value = _replicas?.Run(images, targets, weight) ?? _differentiation.Run(images, targets, weight);
        if (double.IsFinite(value))
        {
            _gradient.Add(images.shape[0]);
        }
        else
        {
            _gradient.Clear();
        }
        return value;
    }

    /// <summary>Moves the weights along the mean gradient of the batches since the last step.</summary>
    /// <param name="learningRate">The rate.</param>
    /// <exception cref="InvalidOperationException">There was no batch since.</exception>
    public void Step(double learningRate)
    {
        GradientNorm = _options.GradientClip is { } norm ? _gradient.Clip(norm) : null;
        _average?.Begin();
        _optimizer.Begin(learningRate, _gradient.Factor);
        _optimizer.Move(_parameters.Select(p => p.Value));
        _average?.Follow();
        _gradient.Clear();
    }

    /// <summary>
    /// Exchanges the weights of the network and their moving average: called twice, it changes nothing. Without
    /// <see cref="TrainingStepOptions.AverageDecay"/> it does nothing at all.
    /// </summary>
    public void SwapAverage() => _average?.Swap();

    /// <summary>The moving average of the trained parameters by name; empty without one.</summary>
    /// <remarks>The tensors are views of the live average; they belong to the caller's dispose scope.</remarks>
    public IReadOnlyDictionary<string, Tensor> Average() =>
        _average?.Values().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal) ?? [];

    /// <summary>Adam's moments by parameter, under <c>exp_avg/NAME</c> and <c>exp_avg_sq/NAME</c>, and the number of steps.</summary>
    /// <remarks>The tensors are views of the live moments; they belong to the caller's dispose scope.</remarks>
    public (IReadOnlyDictionary<string, Tensor> Moments, long Steps) OptimizerState()
    {
        var moments = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, mean, square) in _optimizer.Moments())
        {
            moments["exp_avg/" + name] = mean;
            moments["exp_avg_sq/" + name] = square;
        }
        return (moments, _optimizer.Steps);
    }

    /// <summary>Overwrites Adam's moments.</summary>
    /// <param name="read">Gives the stored tensor for each name of <see cref="OptimizerState"/>; it is disposed here.</param>
    /// <param name="steps">The number of steps that they have seen, at least 0.</param>
    /// <exception cref="ArgumentException">A stored tensor has another shape, or the number is negative; what was read before is overwritten.</exception>
    public void RestoreOptimizerState(Func<string, Tensor> read, long steps)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        using var scope = NewDisposeScope();
        Overwrite(OptimizerState().Moments, read);
        _optimizer.Steps = steps;
    }

    /// <summary>Overwrites the moving average, if there is one.</summary>
    /// <param name="read">Gives the stored tensor for each name of <see cref="Average"/>; it is disposed here.</param>
    /// <exception cref="ArgumentException">A stored tensor has another shape; what was read before is overwritten.</exception>
    public void RestoreAverage(Func<string, Tensor> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var scope = NewDisposeScope();
        Overwrite(Average(), read);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        SetFrozen(false);
        _gradient.Clear();
        _optimizer.Dispose();
        _average?.Dispose();
        _replicas?.Dispose();
        _differentiation.Dispose();
    }

    private static void Overwrite(IReadOnlyDictionary<string, Tensor> own, Func<string, Tensor> read)
    {
        using var noGrad = no_grad();
        foreach (var (name, tensor) in own)
        {
            using var scope = NewDisposeScope();
            var stored = read(name);
            if (!stored.shape.SequenceEqual(tensor.shape))
            {
                throw new ArgumentException(
                    $"Expected '{name}' as [{string.Join(", ", tensor.shape)}], given [{string.Join(", ", stored.shape)}].", nameof(read));
            }
            tensor.copy_(stored);
        }
    }

    private void SetFrozen(bool frozen)
    {
        foreach (var parameter in _frozen)
        {
            parameter.requires_grad = !frozen;
        }
    }
}
