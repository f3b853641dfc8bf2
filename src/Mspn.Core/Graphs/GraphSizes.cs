namespace Mspn.Core;

/// <summary>What the enlargements of a <see cref="NetworkGraph"/> enlarge to, for images of another size than those that it was recorded with.</summary>
/// <remarks>
/// Recorded are numbers. But a module enlarges a map to the size of another one that it is joined with, so that maps which had the recorded size tell the
/// new one. To scale the numbers would not do: strided convolutions round up, poolings down.
/// </remarks>
internal sealed class GraphSizes
{
    private readonly NetworkGraph _graph;
    private readonly ImageSize _size;
    private readonly Dictionary<(long Height, long Width), (long Height, long Width)> _found = [];

    /// <summary>Works out the sizes of all maps.</summary>
    /// <param name="graph">The graph, of which operations and shapes are read, no values.</param>
    /// <param name="size">The size of images.</param>
    public GraphSizes(NetworkGraph graph, ImageSize size)
    {
        (_graph, _size) = (graph, size);
        var sizes = new Dictionary<GraphValue, (long Height, long Width)> { [graph.Input] = (size.Height, size.Width) };
        _found.Add(Recorded(graph.Input), (size.Height, size.Width));
        foreach (var node in graph.Nodes.Where(node => IsMap(node.Output)))
        {
            var made = sizes[node.Output] = SizeOf(node.Operation, sizes.GetValueOrDefault(Measure(node), (1, 1)));
            _found.TryAdd(Recorded(node.Output), made);
        }
    }

    /// <summary>What an enlargement enlarges to.</summary>
    public (long Height, long Width) Of(ResizeOperation resize) => _found.TryGetValue((resize.Height, resize.Width), out var size)
        ? size
        : (resize.Height * _size.Height / _graph.Size.Height, resize.Width * _size.Width / _graph.Size.Width);

    // The input that the output's size follows from: of two that are joined the one that is not repeated.
    private static GraphValue Measure(GraphNode node) => node.Operation is AdditionOperation or MultiplicationOperation
        ? node.Inputs.FirstOrDefault(input => IsMap(input) && Recorded(input) == Recorded(node.Output)) ?? node.Inputs[0]
        : node.Inputs[0];

    private (long Height, long Width) SizeOf(GraphOperation operation, (long Height, long Width) input) => operation switch
    {
        FusedConvolutionOperation fused => SizeOf(fused.Convolution, input),
        TransposedConvolutionOperation c => Both(i =>
            (Side(input, i) - 1) * c.Stride[i] - 2 * c.Padding[i] + c.Dilation[i] * (c.Weight.Shape[i + 2] - 1) + c.OutputPadding[i] + 1),
        ConvolutionOperation c => Both(i => Windows(Side(input, i), c.Weight.Shape[i + 2], c.Stride[i], c.Padding[i], c.Dilation[i])),
        MaximumPoolOperation pool => Both(i => Windows(Side(input, i), pool.Kernel[i], pool.Stride[i], pool.Padding[i], pool.Dilation[i])),
        ResizeOperation resize => Of(resize),
        PlaceOperation => (1, 1),
        _ => input,
    };

    private static long Windows(long side, long kernel, long stride, long padding, long dilation) =>
        (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;

    private static (long Height, long Width) Both(Func<int, long> side) => (side(0), side(1));

    private static long Side((long Height, long Width) size, int index) => index == 0 ? size.Height : size.Width;

    private static (long Height, long Width) Recorded(GraphValue map) => (map.Shape[2], map.Shape[3]);

    private static bool IsMap(GraphValue value) => value.Shape.Count == 4;
}
