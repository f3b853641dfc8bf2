using Google.Protobuf;

namespace Mspn.Core;

/// <summary>Writes an ONNX model (<c>ModelProto</c>), its weights straight from where they lie.</summary>
internal static class OnnxWriter
{
    /// <summary>Of the file format: the one of ONNX 1.12.</summary>
    public const int IrVersion = 8;

    /// <summary>Of the operations: ONNX 1.12's, which ONNX Runtime has known since 1.12.</summary>
    public const int OpsetVersion = 17;

    private const int ModelGraph = 7;
    private const int GraphWeights = 5;

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="graph">What the model computes.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="version">Version of the library.</param>
    /// <param name="metadata">What else readers may want to know.</param>
    /// <exception cref="NotSupportedException">The model has 2 GiB or more, which the format does not allow in one file.</exception>
    public static void Write(Stream stream, OnnxGraph graph, string name, string version, IReadOnlyDictionary<string, string> metadata)
    {
        var body = graph.ToMessage(name).Bytes;
        var headers = graph.Weights.Select(weights => (Weights: weights, Header: Header(weights))).ToArray();
        var length = body.Length + headers.Sum(h => FieldLength(h.Header.Length + h.Weights.Length));
        if (length > int.MaxValue)
        {
            throw new NotSupportedException($"The model has {length} bytes; an ONNX file holds less than 2 GiB.");
        }
        var model = new ProtoMessage().Add(1, IrVersion).Add(2, "Mspn").Add(3, version).Add(8, new ProtoMessage().Add(1, string.Empty).Add(2, OpsetVersion));
        foreach (var (key, value) in metadata)
        {
            model.Add(14, new ProtoMessage().Add(1, key).Add(2, value));
        }
        stream.Write(model.Begin(ModelGraph, length).Bytes.Span);
        stream.Write(body.Span);
        foreach (var (weights, header) in headers)
        {
            stream.Write(new ProtoMessage().Begin(GraphWeights, header.Length + weights.Length).Bytes.Span);
            stream.Write(header.Span);
            weights.Write(stream);
        }
    }

    // Everything but the bytes of the raw data, whose field comes last.
    private static ReadOnlyMemory<byte> Header(OnnxWeights weights)
    {
        var message = new ProtoMessage();
        foreach (var side in weights.Shape)
        {
            message.Add(1, side);
        }
        return message.Add(2, (long)weights.Type).Add(8, weights.Name).Begin(9, weights.Length).Bytes;
    }

    // Numbers of fields here take one byte.
    private static long FieldLength(long length) => 1 + CodedOutputStream.ComputeUInt64Size((ulong)length) + length;
}
