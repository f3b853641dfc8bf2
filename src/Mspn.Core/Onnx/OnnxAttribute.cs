namespace Mspn.Core;

/// <summary>A setting of an ONNX node: <c>AttributeProto</c>.</summary>
/// <remarks>Each kind of value has a field of its own (2: a float, 3: a whole number, 4: text, 8: whole numbers) and a number by which it is told.</remarks>
internal sealed record OnnxAttribute
{
    private const int Name = 1;
    private const int Type = 20;

    private OnnxAttribute(ProtoMessage message) => Message = message;

    public ProtoMessage Message { get; }

    public static OnnxAttribute Of(string name, float value) => new(new ProtoMessage().Add(Name, name).Add(2, value).Add(Type, 1));

    public static OnnxAttribute Of(string name, long value) => new(new ProtoMessage().Add(Name, name).Add(3, value).Add(Type, 2));

    public static OnnxAttribute Of(string name, string value) => new(new ProtoMessage().Add(Name, name).Add(4, value).Add(Type, 3));

    public static OnnxAttribute Of(string name, IEnumerable<long> values)
    {
        var message = new ProtoMessage().Add(Name, name);
        foreach (var value in values)
        {
            message.Add(8, value);
        }
        return new OnnxAttribute(message.Add(Type, 7));
    }
}
