using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>An ONNX graph under construction: inputs, nodes in the order in which they are added, weights and constants, outputs.</summary>
/// <remarks>Field numbers are those of <c>onnx.proto</c>. Constants of one value are kept once.</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The name of the first dimension of inputs and outputs, which may have any size.</summary>
    public const string BatchDimension = "N";

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private readonly List<OnnxWeights> _weights = [];
    private readonly Dictionary<GraphWeight, OnnxValue> _ofNetwork = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, OnnxValue> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Weights and constants.</summary>
    public IReadOnlyList<OnnxWeights> Weights => _weights;

    /// <summary>An input whose first dimension is <see cref="BatchDimension"/>.</summary>
    public OnnxValue Input(string name, OnnxType type, params IReadOnlyList<long> shape)
    {
        _inputs.Add(Description(name, type, shape));
        return new OnnxValue(this, name, type);
    }

    /// <summary>Makes a tensor an output, whose first dimension is <see cref="BatchDimension"/>.</summary>
    public void Output(string name, OnnxValue value, params IReadOnlyList<long> shape)
    {
        _nodes.Add(NodeOf("Identity", [value.Name], name, name, []));
        _outputs.Add(Description(name, value.Type, shape));
    }

    /// <summary>Adds a node.</summary>
    /// <param name="operation">Its operation.</param>
    /// <param name="inputs">What it reads; null for an optional input that is left out.</param>
    /// <param name="attributes">Its settings.</param>
    /// <param name="type">The type of its output.</param>
    /// <param name="name">Its name and that of its output. Default: the operation with a number.</param>
    public OnnxValue Node(string operation, IReadOnlyList<OnnxValue?> inputs, IReadOnlyList<OnnxAttribute> attributes, OnnxType type, string? name = null)
    {
        name ??= Numbered(operation);
        _nodes.Add(NodeOf(operation, inputs.Select(input => input?.Name ?? string.Empty), name, name, attributes));
        return new OnnxValue(this, name, type);
    }

    /// <summary>The two halves of a tensor along its first dimension.</summary>
    public (OnnxValue First, OnnxValue Second) Halves(OnnxValue value)
    {
        var name = Numbered("Split");
        var message = NodeOf("Split", [value.Name], $"{name}_first", name, [OnnxAttribute.Of("axis", 0L)]).Add(2, $"{name}_second");
        _nodes.Add(message);
        return (new OnnxValue(this, $"{name}_first", value.Type), new OnnxValue(this, $"{name}_second", value.Type));
    }

    /// <summary>Weights of the network, in single precision, under their name there; with a number if others have that.</summary>
    /// <param name="weight">The weights, which must live until the graph is written.</param>
    public OnnxValue Weight(GraphWeight weight)
    {
        if (!_ofNetwork.TryGetValue(weight, out var value))
        {
            var tensor = weight.Value;
            var name = _counts.TryAdd(weight.Name, 0) ? weight.Name : Numbered(weight.Name);
            _weights.Add(new OnnxWeights(name, OnnxType.Float, tensor.shape, tensor.numel() * sizeof(float), stream =>
            {
                using var scope = NewDisposeScope();
                TensorStreams.ForEachRowOrderChunk(tensor.detach().to(ScalarType.Float32), chunk => stream.Write(chunk));
            }));
            _ofNetwork.Add(weight, value = new OnnxValue(this, name, OnnxType.Float));
        }
        return value;
    }

    /// <summary>A list of whole numbers.</summary>
    public OnnxValue Constant(params long[] values) => Constant(OnnxType.Int64, [values.Length], values);

    /// <summary>A tensor of single precision.</summary>
    public OnnxValue Constant(IReadOnlyList<long> shape, float[] values) => Constant(OnnxType.Float, shape, values);

    /// <summary>A tensor of double precision.</summary>
    public OnnxValue Constant(IReadOnlyList<long> shape, double[] values) => Constant(OnnxType.Double, shape, values);

    /// <summary>A number of a type.</summary>
    public OnnxValue Number(double value, OnnxType type) => type switch
    {
        OnnxType.Double => Constant(OnnxType.Double, [], [value]),
        OnnxType.Float => Constant(OnnxType.Float, [], [(float)value]),
        _ => Constant(OnnxType.Int64, [], [(long)value]),
    };

    /// <summary>The fields of <c>GraphProto</c> without its weights.</summary>
    public ProtoMessage ToMessage(string name)
    {
        var message = new ProtoMessage();
        _nodes.ForEach(node => message.Add(1, node));
        message.Add(2, name);
        _inputs.ForEach(input => message.Add(11, input));
        _outputs.ForEach(output => message.Add(12, output));
        return message;
    }

    private OnnxValue Constant<T>(OnnxType type, IReadOnlyList<long> shape, T[] values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes<T>(values).ToArray();
        var key = $"{type} {string.Join('x', shape)} {Convert.ToHexString(bytes)}";
        if (!_constants.TryGetValue(key, out var constant))
        {
            var name = Numbered("constant");
            _weights.Add(new OnnxWeights(name, type, shape, bytes.Length, stream => stream.Write(bytes)));
            _constants.Add(key, constant = new OnnxValue(this, name, type));
        }
        return constant;
    }

    private string Numbered(string kind)
    {
        var number = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{kind}_{number}");
    }

    private static ProtoMessage NodeOf(
        string operation, IEnumerable<string> inputs, string output, string name, IEnumerable<OnnxAttribute> attributes)
    {
        var message = new ProtoMessage();
        foreach (var input in inputs)
        {
            message.Add(1, input);
        }
        message.Add(2, output).Add(3, name).Add(4, operation);
        foreach (var attribute in attributes)
        {
            message.Add(5, attribute.Message);
        }
        return message;
    }

    private static ProtoMessage Description(string name, OnnxType type, IReadOnlyList<long> shape)
    {
        var dimensions = new ProtoMessage().Add(1, new ProtoMessage().Add(2, BatchDimension));
        foreach (var length in shape)
        {
            dimensions.Add(1, new ProtoMessage().Add(1, length));
        }
        var tensor = new ProtoMessage().Add(1, (long)type).Add(2, dimensions);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
