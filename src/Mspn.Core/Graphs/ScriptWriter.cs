using System.Globalization;
using System.Text;

namespace Mspn.Core;

/// <summary>
/// Writes a <see cref="NetworkGraph"/> as TorchScript, so that one native call computes all of it: a method <c>forward(x, w, height0, width0, ...)</c> of images, a list
/// of weights and the sizes that maps are enlarged to, that gives the list of outputs. Values are overwritten by the operation that reads them last, where it
/// can do so.
/// </summary>
/// <remarks>Fused convolutions are those of oneDNN, which PyTorch's own compiler uses on CPUs (namespace <c>mkldnn</c> of libtorch's operators).</remarks>
internal sealed class ScriptWriter
{
    private readonly Dictionary<GraphValue, string> _names = new();
    private readonly Dictionary<GraphValue, GraphNode> _lastReaders = new();
    private readonly HashSet<GraphValue> _shared = [];
    private readonly List<GraphWeight> _weights = [];
    private readonly Dictionary<GraphWeight, string> _weightNames = new(ReferenceEqualityComparer.Instance);
    private readonly List<ResizeOperation> _resizes = [];
    private readonly StringBuilder _lines = new();

    private ScriptWriter(NetworkGraph graph)
    {
        _names.Add(graph.Input, "x");
        _shared.Add(graph.Input);
        _shared.UnionWith(graph.Outputs.Values);
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
            {
                _lastReaders[input] = node;
            }
            if (node.Operation is ChannelsOperation or PlaceOperation or IdentityOperation)
            {
                // A view of its input: neither may be overwritten.
                _shared.Add(node.Inputs[0]);
                _shared.Add(node.Output);
            }
        }
    }

    /// <summary>Writes a graph.</summary>
    /// <param name="graph">The graph.</param>
    public static Script Write(NetworkGraph graph)
    {
        var writer = new ScriptWriter(graph);
        foreach (var node in graph.Nodes)
        {
            writer.Write(node);
        }
        var code = new StringBuilder();
        if (writer._weights.Count > 0)
        {
            code.Append("    ").AppendJoin(", ", writer._weightNames.Values).Append(", = w\n");
        }
        code.Append(writer._lines).Append("    return [").AppendJoin(", ", graph.Outputs.Values.Select(value => writer._names[value])).Append("]\n");
        var parameters = string.Concat(writer._resizes.Select((_, i) => $", {Height(i)}: int, {Width(i)}: int"));
        return new Script($"x: Tensor, w: List[Tensor]{parameters}", code.ToString(), writer._weights, writer._resizes);
    }

    private void Write(GraphNode node)
    {
        var inputs = node.Inputs.Select(input => _names[input]).ToArray();
        var overwrites = CanOverwrite(node, 0);
        var expression = node.Operation switch
        {
            FusedConvolutionOperation { Adds: true } fused when CanOverwrite(node, 1) =>
                $"ops.mkldnn._convolution_pointwise_({inputs[1]}, {inputs[0]}, {Fused(fused)}, \"add\", 1.0, {After(fused)}, [], None)",
            FusedConvolutionOperation { Adds: true } fused =>
                $"ops.mkldnn._convolution_pointwise({inputs[0]}, {inputs[1]}, {Fused(fused)}, \"add\", 1.0, {After(fused)}, [], None)",
            FusedConvolutionOperation fused =>
                $"ops.mkldnn._convolution_pointwise({inputs[0]}, {Fused(fused)}, {(fused.Rectifies ? "\"relu\"" : "\"none\"")}, [], \"\")",
            TransposedConvolutionOperation c =>
                $"torch.conv_transpose2d({inputs[0]}, {Weights(c)}, {List(c.Stride)}, {List(c.Padding)}, {List(c.OutputPadding)}, {c.Groups}, {List(c.Dilation)})",
            ConvolutionOperation c => $"torch.conv2d({inputs[0]}, {Weights(c)}, {List(c.Stride)}, {List(c.Padding)}, {List(c.Dilation)}, {c.Groups})",
            LinearOperation linear => $"torch.linear({inputs[0]}, {Weights(linear)})",
            BatchNormalizationOperation n =>
                $"torch.batch_norm({inputs[0]}, {Weight(n.Scale)}, {Weight(n.Shift)}, {Weight(n.Mean)}, {Weight(n.Variance)}, False, 0.0, {Number(n.Epsilon)}, False)",
            MaximumPoolOperation p =>
                $"torch.max_pool2d({inputs[0]}, {List(p.Kernel)}, {List(p.Stride)}, {List(p.Padding)}, {List(p.Dilation)})",
            ResizeOperation { Bilinear: true } resize => $"torch.upsample_bilinear2d({inputs[0]}, {SizeOf(resize)}, True)",
            ResizeOperation resize => $"torch.upsample_nearest2d({inputs[0]}, {SizeOf(resize)})",
            ReluOperation => $"torch.relu{(overwrites ? "_" : "")}({inputs[0]})",
            SigmoidOperation => $"torch.sigmoid{(overwrites ? "_" : "")}({inputs[0]})",
            // Sums and products with a repeated dimension have the shape of their result on one side alone.
            AdditionOperation => Binary("add"),
            MultiplicationOperation => Binary("mul"),
            ConstantAdditionOperation sum => $"torch.add{(overwrites ? "_" : "")}({inputs[0]}, {Number(sum.Value)})",
            ConcatenationOperation => $"torch.cat([{string.Join(", ", inputs)}], 1)",
            ChannelsOperation channels => $"torch.narrow({inputs[0]}, 1, {channels.Start}, {channels.Length})",
            PlaceMeanOperation => $"torch.mean({inputs[0]}, [2, 3])",
            PlaceOperation => $"torch.unsqueeze(torch.unsqueeze({inputs[0]}, 2), 3)",
            IdentityOperation => inputs[0],
            _ => throw new InvalidOperationException($"There is no way to write a {node.Operation.GetType().Name}."),
        };
        var name = $"v{_names.Count}";
        _names.Add(node.Output, name);
        _lines.Append(CultureInfo.InvariantCulture, $"    {name} = {expression}\n");

        string Binary(string operation) =>
            CanOverwrite(node, 0) ? $"torch.{operation}_({inputs[0]}, {inputs[1]})"
            : CanOverwrite(node, 1) ? $"torch.{operation}_({inputs[1]}, {inputs[0]})"
            : $"torch.{operation}({inputs[0]}, {inputs[1]})";
    }

    // Nobody reads the input later, and it has the output's shape.
    private bool CanOverwrite(GraphNode node, int input)
    {
        var value = node.Inputs[input];
        return !_shared.Contains(value)
            && _lastReaders[value] == node
            && node.Inputs.Count(other => other == value) == 1
            && value.Shape.SequenceEqual(node.Output.Shape);
    }

    private string Fused(FusedConvolutionOperation fused)
    {
        var c = fused.Convolution;
        return $"{Weights(c)}, {List(c.Padding)}, {List(c.Stride)}, {List(c.Dilation)}, {c.Groups}";
    }

    private static string After(FusedConvolutionOperation fused) => fused.Rectifies ? "\"relu\"" : "None";

    private string Weights(WeightedOperation operation) => $"{Weight(operation.Weight)}, {(operation.Bias is null ? "None" : Weight(operation.Bias))}";

    private string Weight(GraphWeight weight)
    {
        if (!_weightNames.TryGetValue(weight, out var name))
        {
            _weightNames.Add(weight, name = $"w{_weights.Count}");
            _weights.Add(weight);
        }
        return name;
    }

    private string SizeOf(ResizeOperation resize)
    {
        _resizes.Add(resize);
        return $"[{Height(_resizes.Count - 1)}, {Width(_resizes.Count - 1)}]";
    }

    private static string Height(int resize) => string.Create(CultureInfo.InvariantCulture, $"height{resize}");

    private static string Width(int resize) => string.Create(CultureInfo.InvariantCulture, $"width{resize}");

    private static string List(IReadOnlyList<long> numbers) => $"[{string.Join(", ", numbers)}]";

    // With a point or exponent, or it would be an integer.
    private static string Number(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    /// <summary>A graph's script.</summary>
    /// <param name="Parameters">What <c>forward</c> takes.</param>
    /// <param name="Body">Its body.</param>
    /// <param name="Weights">The weights it takes, in order.</param>
    /// <param name="Resizes">The enlargements whose height and width it takes, in order.</param>
    public sealed record Script(string Parameters, string Body, IReadOnlyList<GraphWeight> Weights, IReadOnlyList<ResizeOperation> Resizes);
}
