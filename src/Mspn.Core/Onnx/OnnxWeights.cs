namespace Mspn.Core;

/// <summary>Numbers that an ONNX file holds: <c>TensorProto</c> with raw data.</summary>
/// <param name="Name">Their name in the graph.</param>
/// <param name="Type">Their type.</param>
/// <param name="Shape">Their shape.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Write">Writes that many bytes.</param>
internal sealed record OnnxWeights(string Name, OnnxType Type, IReadOnlyList<long> Shape, long Length, Action<Stream> Write);
