using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Computes a <see cref="NetworkGraph"/> with TorchSharp, one operation after another, each by the method of its kind.</summary>
/// <remarks>Has no state of its own and may be shared between threads.</remarks>
/// <param name="graph">The graph, which must outlive the runner.</param>
internal sealed class GraphRunner(NetworkGraph graph)
{
    private readonly IReadOnlyDictionary<GraphValue, int> _readers = graph.CountReaders();

    /// <summary>Computes the outputs.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, of the graph's H and W, and of the weights' type and device.</param>
    /// <returns>The maps by name; they belong to the dispose scope of the caller, who turns gradients off.</returns>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (!images.shape.Skip(1).SequenceEqual(graph.Input.Shape.Skip(1)))
        {
            throw new ArgumentException(
                $"Expected images [N, {string.Join(", ", graph.Input.Shape.Skip(1))}], given [{string.Join(", ", images.shape)}].", nameof(images));
        }
        using var scope = NewDisposeScope();
        var values = new Dictionary<GraphValue, Tensor> { [graph.Input] = images.alias() };
        var unread = _readers.ToDictionary();
        foreach (var node in graph.Nodes)
        {
            values.Add(node.Output, Compute(node.Operation, [.. node.Inputs.Select(input => values[input])]));
            foreach (var input in node.Inputs)
            {
                if (--unread[input] == 0 && values.Remove(input, out var done))
                {
                    done.Dispose();
                }
            }
        }
        // Two outputs may be one tensor.
        return graph.Outputs.ToDictionary(o => o.Key, o => values[o.Value].alias().MoveToOuterDisposeScope(), StringComparer.Ordinal);
    }

    private static Tensor Compute(GraphOperation operation, Tensor[] inputs) => operation switch
    {
        TransposedConvolutionOperation deconv => TransposedConvolution(deconv, inputs[0]),
        ConvolutionOperation conv => Convolution(conv, inputs[0]),
        LinearOperation linear => nn.functional.linear(inputs[0], linear.Weight.Value, linear.Bias?.Value),
        BatchNormalizationOperation norm => nn.functional.batch_norm(
            inputs[0], norm.Mean.Value, norm.Variance.Value, norm.Scale.Value, norm.Shift.Value, training: false, eps: norm.Epsilon),
        MaximumPoolOperation pool => nn.functional.max_pool2d(
            inputs[0], [.. pool.Kernel], [.. pool.Stride], [.. pool.Padding], [.. pool.Dilation]),
        ResizeOperation { Bilinear: true } resize => Resampling.Bilinear(inputs[0], resize.Height, resize.Width),
        ResizeOperation resize => Resampling.Nearest(inputs[0], resize.Height, resize.Width),
        ReluOperation => inputs[0].Relu(),
        SigmoidOperation => inputs[0].Sigmoid(),
        AdditionOperation => inputs[0].Plus(inputs[1]),
        MultiplicationOperation => inputs[0].Times(inputs[1]),
        ConstantAdditionOperation sum => PlusConstant(inputs[0], sum.Value),
        ConcatenationOperation => Primitives.Concatenate(inputs),
        ChannelsOperation channels => inputs[0].Channels(channels.Start, channels.Length),
        PlaceMeanOperation => inputs[0].MeanOverPlaces(),
        PlaceOperation => inputs[0].AsPlace(),
        IdentityOperation => inputs[0].Alias(),
        _ => throw new InvalidOperationException($"There is no way to compute a {operation.GetType().Name}."),
    };

    private static Tensor Convolution(ConvolutionOperation conv, Tensor input) => nn.functional.conv2d(
        input, conv.Weight.Value, conv.Bias?.Value, [.. conv.Stride], [.. conv.Padding], [.. conv.Dilation], conv.Groups);

    private static Tensor TransposedConvolution(TransposedConvolutionOperation deconv, Tensor input) => nn.functional.conv_transpose2d(
        input, deconv.Weight.Value, deconv.Bias?.Value, [.. deconv.Stride], [.. deconv.Padding], [.. deconv.OutputPadding],
        [.. deconv.Dilation], deconv.Groups);

    private static Tensor PlusConstant(Tensor input, double value)
    {
        using Scalar constant = value;
        return input.Plus(constant);
    }
}
