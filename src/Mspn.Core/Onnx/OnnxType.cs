namespace Mspn.Core;

/// <summary>Types of numbers, with the values of <c>TensorProto.DataType</c> in ONNX's <c>onnx.proto</c>.</summary>
internal enum OnnxType
{
    Float = 1,
    UInt8 = 2,
    Int64 = 7,
    Bool = 9,
    Double = 11,
}
