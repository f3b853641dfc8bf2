namespace Mspn.Core;

/// <summary>What a node of a <see cref="NetworkGraph"/> computes. Tensors are <c>[N, C, h, w]</c> unless an operation says otherwise.</summary>
internal abstract record GraphOperation;

/// <summary>An operation that weighs channels and may add something to each: normalisation after it can be folded into it.</summary>
/// <param name="Weight">Its weights.</param>
/// <param name="Bias">What it adds to each output channel, or null.</param>
internal abstract record WeightedOperation(GraphWeight Weight, GraphWeight? Bias) : GraphOperation
{
    /// <summary>The dimension of the weights that counts output channels; null if none does.</summary>
    public virtual int? OutputDimension => 0;
}

/// <summary>A convolution with weights <c>[out, in / groups, kh, kw]</c>. Pairs are height and width.</summary>
internal record ConvolutionOperation(
    GraphWeight Weight, GraphWeight? Bias, IReadOnlyList<long> Stride, IReadOnlyList<long> Padding, IReadOnlyList<long> Dilation, long Groups)
    : WeightedOperation(Weight, Bias);

/// <summary>A transposed convolution with weights <c>[in, out / groups, kh, kw]</c>.</summary>
internal sealed record TransposedConvolutionOperation(
    GraphWeight Weight, GraphWeight? Bias, IReadOnlyList<long> Stride, IReadOnlyList<long> Padding, IReadOnlyList<long> Dilation, long Groups,
    IReadOnlyList<long> OutputPadding)
    : ConvolutionOperation(Weight, Bias, Stride, Padding, Dilation, Groups)
{
    public override int? OutputDimension => Groups == 1 ? 1 : null;
}

/// <summary>A matrix <c>[out, in]</c> applied to the last dimension, usually of <c>[N, in]</c>.</summary>
internal sealed record LinearOperation(GraphWeight Weight, GraphWeight? Bias) : WeightedOperation(Weight, Bias);

/// <summary>Normalisation by kept statistics, of <c>[N, C, h, w]</c> or <c>[N, C]</c>.</summary>
internal sealed record BatchNormalizationOperation(GraphWeight Scale, GraphWeight Shift, GraphWeight Mean, GraphWeight Variance, double Epsilon)
    : GraphOperation;

/// <summary>The larger of a value and 0.</summary>
internal sealed record ReluOperation : GraphOperation;

/// <summary>The logistic function.</summary>
internal sealed record SigmoidOperation : GraphOperation;

/// <summary>The largest value of each window. Pairs are height and width.</summary>
internal sealed record MaximumPoolOperation(
    IReadOnlyList<long> Kernel, IReadOnlyList<long> Stride, IReadOnlyList<long> Padding, IReadOnlyList<long> Dilation) : GraphOperation;

/// <summary>The sum of two inputs.</summary>
internal sealed record AdditionOperation : GraphOperation;

/// <summary>The product of two inputs, dimensions of 1 being repeated.</summary>
internal sealed record MultiplicationOperation : GraphOperation;

/// <summary>The sum of an input and a number.</summary>
internal sealed record ConstantAdditionOperation(double Value) : GraphOperation;

/// <summary>Inputs side by side, along channels.</summary>
internal sealed record ConcatenationOperation : GraphOperation;

/// <summary>Some of the channels.</summary>
internal sealed record ChannelsOperation(long Start, long Length) : GraphOperation;

/// <summary>Enlargement to a size: bilinear with aligned corners, or the nearest neighbour.</summary>
internal sealed record ResizeOperation(long Height, long Width, bool Bilinear) : GraphOperation;

/// <summary>The mean of each channel, <c>[N, C]</c>.</summary>
internal sealed record PlaceMeanOperation : GraphOperation;

/// <summary>From <c>[N, C]</c> to <c>[N, C, 1, 1]</c>.</summary>
internal sealed record PlaceOperation : GraphOperation;

/// <summary>The input itself.</summary>
internal sealed record IdentityOperation : GraphOperation;

/// <summary>
/// A convolution and what is done to its result while that is still in the cache: a second input of the result's shape is added, and negative values
/// become 0.
/// </summary>
/// <param name="Convolution">The convolution of the first input.</param>
/// <param name="Adds">Whether there is a second input.</param>
/// <param name="Rectifies">Whether negative values become 0.</param>
internal sealed record FusedConvolutionOperation(ConvolutionOperation Convolution, bool Adds, bool Rectifies) : GraphOperation;
