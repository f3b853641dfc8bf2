using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Element types by their names in safetensors files.</summary>
internal static class SafeTensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static bool TryParse(string name, out ScalarType type)
    {
        var found = Array.Find(All, t => t.Name == name);
        type = found.Type;
        return found.Name is not null;
    }

    public static int Size(ScalarType type) => Array.Find(All, t => t.Type == type).Size;

    public static string Name(ScalarType type) =>
        Array.Find(All, t => t.Type == type).Name ?? throw new ArgumentException($"Tensors of type {type} cannot be written as safetensors.");
}
