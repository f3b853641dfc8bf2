namespace Mspn.Core;

/// <summary>A tensor in an ONNX graph. Operators and methods add the node that computes their result; numbers become constants of the tensor's type.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">The tensor's name in it.</param>
/// <param name="Type">Type of its numbers.</param>
internal sealed record OnnxValue(OnnxGraph Graph, string Name, OnnxType Type)
{
    public static OnnxValue operator +(OnnxValue left, OnnxValue right) => left.With("Add", right);

    public static OnnxValue operator +(OnnxValue left, double right) => left + left.Number(right);

    public static OnnxValue operator -(OnnxValue left, OnnxValue right) => left.With("Sub", right);

    public static OnnxValue operator -(OnnxValue left, double right) => left - left.Number(right);

    public static OnnxValue operator -(double left, OnnxValue right) => right.Number(left) - right;

    public static OnnxValue operator *(OnnxValue left, OnnxValue right) => left.With("Mul", right);

    public static OnnxValue operator *(OnnxValue left, double right) => left * left.Number(right);

    public static OnnxValue operator *(double left, OnnxValue right) => right.Number(left) * right;

    public static OnnxValue operator /(OnnxValue left, OnnxValue right) => left.With("Div", right);

    public static OnnxValue operator /(OnnxValue left, double right) => left / left.Number(right);

    public static OnnxValue operator /(double left, OnnxValue right) => right.Number(left) / right;

    public static OnnxValue operator %(OnnxValue left, double right) => left.With("Mod", left.Number(right));

    public static OnnxValue operator >(OnnxValue left, double right) => left.With("Greater", left.Number(right), OnnxType.Bool);

    public static OnnxValue operator <(OnnxValue left, double right) => left.With("Less", left.Number(right), OnnxType.Bool);

    public static OnnxValue operator >=(OnnxValue left, double right) => left.With("GreaterOrEqual", left.Number(right), OnnxType.Bool);

    public static OnnxValue operator <=(OnnxValue left, double right) => left.With("LessOrEqual", left.Number(right), OnnxType.Bool);

    public static OnnxValue operator &(OnnxValue left, OnnxValue right) => left.With("And", right);

    /// <summary>An operation on this tensor and others.</summary>
    /// <param name="operation">Its name in ONNX.</param>
    /// <param name="others">The other tensors.</param>
    /// <param name="attributes">Its settings.</param>
    /// <param name="type">Type of the result. Default: this one's.</param>
    public OnnxValue Node(string operation, IReadOnlyList<OnnxValue>? others = null, IReadOnlyList<OnnxAttribute>? attributes = null, OnnxType? type = null) =>
        Graph.Node(operation, [this, .. others ?? []], attributes ?? [], type ?? Type);

    public OnnxValue Cast(OnnxType type) => Type == type ? this : Node("Cast", attributes: [OnnxAttribute.Of("to", (long)type)], type: type);

    public OnnxValue AtLeast(double limit) => With("Max", Number(limit));

    public OnnxValue AtMost(double limit) => With("Min", Number(limit));

    /// <summary>What is true where this tensor is, and <paramref name="other"/> elsewhere.</summary>
    public OnnxValue Choose(OnnxValue value, OnnxValue other) => Graph.Node("Where", [this, value, other], [], value.Type);

    /// <inheritdoc cref="Choose(OnnxValue, OnnxValue)" />
    public OnnxValue Choose(OnnxValue value, double other) => Choose(value, value.Number(other));

    public OnnxValue Reshape(params long[] shape) => Node("Reshape", [Graph.Constant(shape)]);

    /// <summary>Part of the tensor along one axis.</summary>
    public OnnxValue Slice(int axis, long start, long end) => Node("Slice", [Graph.Constant(start), Graph.Constant(end), Graph.Constant((long)axis)]);

    /// <summary>The tensor turned round along an axis.</summary>
    public OnnxValue Reverse(int axis) =>
        Node("Slice", [Graph.Constant(-1L), Graph.Constant(long.MinValue), Graph.Constant((long)axis), Graph.Constant(-1L)]);

    /// <summary>The tensor's slices of some indices along an axis.</summary>
    public OnnxValue Gather(int axis, IEnumerable<int> indices) =>
        Node("Gather", [Graph.Constant([.. indices.Select(i => (long)i)])], [OnnxAttribute.Of("axis", axis)]);

    /// <summary>For each index in the last axis, the value there.</summary>
    public OnnxValue At(OnnxValue indices) => Node("GatherElements", [indices], [OnnxAttribute.Of("axis", -1L)]);

    /// <summary>The first index of the largest value along the last axis, which becomes one long.</summary>
    public OnnxValue ArgMax() =>
        Node("ArgMax", attributes: [OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("keepdims", 1L)], type: OnnxType.Int64);

    /// <summary>The largest value along the last axis, which becomes one long.</summary>
    public OnnxValue Maximum() => Node("ReduceMax", attributes: [OnnxAttribute.Of("axes", [-1L]), OnnxAttribute.Of("keepdims", 1L)]);

    /// <summary>The sum along the last axis, which becomes one long.</summary>
    public OnnxValue Sum() => Node("ReduceSum", [Graph.Constant(-1L)], [OnnxAttribute.Of("keepdims", 1L)]);

    /// <summary>Side by side with others.</summary>
    public OnnxValue Concatenate(int axis, params IReadOnlyList<OnnxValue> others) => Node("Concat", others, [OnnxAttribute.Of("axis", axis)]);

    /// <summary>With zeros around the last two axes.</summary>
    public OnnxValue Pad(int rows, int columns) => Node("Pad", [Graph.Constant([0L, 0, rows, columns, 0, 0, rows, columns]), Number(0)]);

    private OnnxValue With(string operation, OnnxValue right, OnnxType? type = null) => Node(operation, [right], type: type);

    private OnnxValue Number(double value) => Graph.Number(value, Type);
}
