using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Hooks on all parts of a network, until it is disposed: layers are told to a recorder, other modules are checked.</summary>
internal sealed class LayerWatch : IDisposable
{
    private readonly GraphRecorder _recorder;
    private readonly List<Action> _hooks = [];
    private readonly Dictionary<string, GraphWeight> _weights = new(StringComparer.Ordinal);

    public LayerWatch(GraphRecorder recorder, nn.Module network)
    {
        _recorder = recorder;
        Watch(string.Empty, network);
        foreach (var (name, module) in network.named_modules())
        {
            Watch(name, module);
        }
    }

    public void Dispose() => _hooks.ForEach(remove => remove());

    private void Watch(string name, nn.Module module)
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> layer when Operation(name, layer) is { } operation:
                _hooks.Add(layer.register_forward_hook((_, input, output) =>
                {
                    if (IsMine)
                    {
                        _recorder.Add(operation, [input], output, name);
                    }
                    return output;
                }).remove);
                break;
            case nn.Module<Tensor, Tensor> part:
                _hooks.Add(part.register_forward_pre_hook((_, input) => Entered(name, input)).remove);
                _hooks.Add(part.register_forward_hook((_, input, output) => Left(part, input, output)).remove);
                break;
            case nn.Module<Tensor, (long, long), Tensor> head:
                _hooks.Add(head.register_forward_pre_hook((_, input, size) =>
                {
                    Entered(name, input);
                    return (input, size);
                }).remove);
                _hooks.Add(head.register_forward_hook((_, input, _, output) => Left(head, input, output)).remove);
                break;
        }
    }

    // Another thread may use the network, although it should not.
    private bool IsMine => GraphRecorder.Current == _recorder;

    private Tensor Entered(string name, Tensor input)
    {
        if (IsMine)
        {
            _recorder.Enter(name);
        }
        return input;
    }

    private Tensor Left(nn.Module module, Tensor input, Tensor output)
    {
        if (IsMine)
        {
            _recorder.Leave(module, input, output);
        }
        return output;
    }

    // Null for what is no layer, or one with settings that nobody here has.
    private GraphOperation? Operation(string name, nn.Module layer) => layer switch
    {
        ConvTranspose2d { padding_type: null } deconv => new TransposedConvolutionOperation(
            Weight(name, "weight", deconv.weight), Bias(name, deconv.bias), deconv.stride, deconv.padding!, deconv.dilation, deconv.groups,
            deconv.output_padding),
        Conv2d { padding_type: null, padding_mode: PaddingModes.Zeros } conv => new ConvolutionOperation(
            Weight(name, "weight", conv.weight), Bias(name, conv.bias), conv.stride, conv.padding!, conv.dilation, conv.groups),
        Linear linear => new LinearOperation(Weight(name, "weight", linear.weight), Bias(name, linear.bias)),
        BatchNormalization => Normalization(name, layer, BatchNormalization.Epsilon),
        BatchNorm2d { affine: true, track_running_stats: true } bn => Normalization(name, layer, bn.eps),
        MaxPool2d { ceil_mode: false } pool => new MaximumPoolOperation(
            Both(pool.kernel_size)!, Both(pool.stride ?? pool.kernel_size)!, Both(pool.padding) ?? [0, 0], Both(pool.dilation) ?? [1, 1]),
        ReLU => new ReluOperation(),
        Sigmoid => new SigmoidOperation(),
        // Dropping out is for training.
        Identity or Dropout or Dropout2d => new IdentityOperation(),
        Sequential { Count: 0 } => new IdentityOperation(),
        _ => null,
    };

    private BatchNormalizationOperation Normalization(string name, nn.Module layer, double epsilon) => new(
        Weight(name, "weight", layer.get_parameter("weight")), Weight(name, "bias", layer.get_parameter("bias")),
        Weight(name, "running_mean", layer.get_buffer("running_mean")), Weight(name, "running_var", layer.get_buffer("running_var")), epsilon);

    private GraphWeight? Bias(string name, Tensor? bias) => bias is null ? null : Weight(name, "bias", bias);

    private GraphWeight Weight(string layer, string name, Tensor? value)
    {
        var full = $"{layer}.{name}";
        if (!_weights.TryGetValue(full, out var weight))
        {
            _weights.Add(full, weight = new GraphWeight(full, value!));
        }
        return weight;
    }

    private static long[]? Both(long[]? sides) => sides is { Length: 1 } ? [sides[0], sides[0]] : sides;
}
