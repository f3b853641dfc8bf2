using Google.Protobuf;

namespace Mspn.Core.Tests;

/// <summary>A message of an ONNX file, field by field, read without ONNX Runtime.</summary>
internal sealed class OnnxFileFields
{
    private readonly List<(int Field, object Value)> _fields = [];

    public OnnxFileFields(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            _fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"Wire type {other}."),
            }));
        }
    }

    public IEnumerable<OnnxFileFields> Messages(int field) => Values<byte[]>(field).Select(bytes => new OnnxFileFields(bytes));

    public IEnumerable<string> Texts(int field) => Values<byte[]>(field).Select(System.Text.Encoding.UTF8.GetString);

    public IEnumerable<T> Values<T>(int field) => _fields.Where(f => f.Field == field).Select(f => (T)f.Value);
}
