namespace Mspn.Core;

/// <summary>Writes the operations of a <see cref="NetworkGraph"/> as ONNX nodes.</summary>
/// <param name="target">Where the nodes go.</param>
internal sealed class OnnxNetwork(OnnxGraph target)
{
    /// <summary>Adds all nodes.</summary>
    /// <param name="graph">What the network computes.</param>
    /// <param name="images">Normalised images, <c>[N, 3, H, W]</c>.</param>
    /// <returns>The final maps by name.</returns>
    public IReadOnlyDictionary<string, OnnxValue> Add(NetworkGraph graph, OnnxValue images)
    {
        var values = new Dictionary<GraphValue, OnnxValue> { [graph.Input] = images };
        foreach (var node in graph.Nodes)
        {
            values.Add(node.Output, Add(node, [.. node.Inputs.Select(input => values[input])]));
        }
        return graph.Outputs.ToDictionary(o => o.Key, o => values[o.Value], StringComparer.Ordinal);
    }

    private OnnxValue Add(GraphNode node, IReadOnlyList<OnnxValue> inputs) => node.Operation switch
    {
        TransposedConvolutionOperation deconv => Node(
            node, "ConvTranspose", Weighted(inputs[0], deconv),
            [.. Windows(deconv.Weight.Value.shape[2..], deconv.Stride, deconv.Padding, deconv.Dilation), OnnxAttribute.Of("group", deconv.Groups),
                OnnxAttribute.Of("output_padding", deconv.OutputPadding)]),
        ConvolutionOperation conv => Node(
            node, "Conv", Weighted(inputs[0], conv),
            [.. Windows(conv.Weight.Value.shape[2..], conv.Stride, conv.Padding, conv.Dilation), OnnxAttribute.Of("group", conv.Groups)]),
        LinearOperation when node.Inputs[0].Shape.Count != 2 => throw new NotSupportedException(
            $"The linear layer '{node.Name}' reads [{string.Join(", ", node.Inputs[0].Shape)}]; an ONNX file can have those of [N, in]."),
        LinearOperation linear => Node(node, "Gemm", Weighted(inputs[0], linear), [OnnxAttribute.Of("transB", 1L)]),
        BatchNormalizationOperation norm => Node(
            node, "BatchNormalization",
            [inputs[0], .. new[] { norm.Scale, norm.Shift, norm.Mean, norm.Variance }.Select(target.Weight)],
            [OnnxAttribute.Of("epsilon", (float)norm.Epsilon)]),
        MaximumPoolOperation pool => Node(node, "MaxPool", inputs, Windows(pool.Kernel, pool.Stride, pool.Padding, pool.Dilation)),
        ResizeOperation resize => Resize(node, resize, inputs[0]),
        ReluOperation => Node(node, "Relu", inputs),
        SigmoidOperation => Node(node, "Sigmoid", inputs),
        AdditionOperation => Node(node, "Add", inputs),
        MultiplicationOperation => Node(node, "Mul", inputs),
        ConstantAdditionOperation sum => Node(node, "Add", [inputs[0], target.Number(sum.Value, OnnxType.Float)]),
        ConcatenationOperation => Node(node, "Concat", inputs, [OnnxAttribute.Of("axis", 1L)]),
        ChannelsOperation some => Node(
            node, "Slice", [inputs[0], target.Constant(some.Start), target.Constant(some.Start + some.Length), target.Constant(1L)]),
        PlaceMeanOperation => Node(node, "ReduceMean", inputs, [OnnxAttribute.Of("axes", [2L, 3L]), OnnxAttribute.Of("keepdims", 0L)]),
        PlaceOperation => Node(node, "Unsqueeze", [inputs[0], target.Constant(2L, 3L)]),
        IdentityOperation => Node(node, "Identity", inputs),
        _ => throw new InvalidOperationException($"ONNX has no {node.Operation.GetType().Name}."),
    };

    private OnnxValue Node(GraphNode node, string operation, IReadOnlyList<OnnxValue?> inputs, IReadOnlyList<OnnxAttribute>? attributes = null) =>
        target.Node(operation, inputs, attributes ?? [], OnnxType.Float, node.Name);

    private OnnxValue?[] Weighted(OnnxValue input, WeightedOperation layer) =>
        layer.Bias is null ? [input, target.Weight(layer.Weight)] : [input, target.Weight(layer.Weight), target.Weight(layer.Bias)];

    private static OnnxAttribute[] Windows(
        IReadOnlyList<long> kernel, IReadOnlyList<long> stride, IReadOnlyList<long> padding, IReadOnlyList<long> dilation) =>
    [
        OnnxAttribute.Of("kernel_shape", kernel), OnnxAttribute.Of("strides", stride), OnnxAttribute.Of("pads", padding.Concat(padding)),
        OnnxAttribute.Of("dilations", dilation),
    ];

    private OnnxValue Resize(GraphNode node, ResizeOperation resize, OnnxValue input)
    {
        var (height, width) = (node.Inputs[0].Shape[2], node.Inputs[0].Shape[3]);
        if (!resize.Bilinear && (resize.Height % height != 0 || resize.Width % width != 0))
        {
            // Where factors are fractions, runtimes and PyTorch round them differently.
            return Node(
                node, "Gather",
                [input.Gather(2, Nearest(height, resize.Height)), target.Constant([.. Nearest(width, resize.Width).Select(i => (long)i)])],
                [OnnxAttribute.Of("axis", 3L)]);
        }
        // By factors, since sizes would have to include the batch's.
        var factors = target.Constant([4], [1, 1, Factor(height, resize.Height), Factor(width, resize.Width)]);
        return Node(node, "Resize", [input, null, factors], resize.Bilinear
            ? [OnnxAttribute.Of("mode", "linear"), OnnxAttribute.Of("coordinate_transformation_mode", "align_corners")]
            : [OnnxAttribute.Of("mode", "nearest"), OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"), OnnxAttribute.Of("nearest_mode", "floor")]);
    }

    // The sources of PyTorch's nearest-neighbour enlargement.
    private static IEnumerable<int> Nearest(long from, long to) =>
        Enumerable.Range(0, (int)to).Select(i => (int)Math.Min(from - 1, MathF.Floor(i * ((float)from / to))));

    // Runtimes round the product with the old size down.
    private static float Factor(long from, long to)
    {
        var factor = (float)to / from;
        while (MathF.Floor(from * factor) < to)
        {
            factor = MathF.BitIncrement(factor);
        }
        return factor;
    }
}
