using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Element types by their names in safetensors files and in PyTorch's.</summary>
internal static class WeightTypes
{
    private static readonly (string SafeTensors, string Storage, ScalarType Type, int Size)[] All =
    [
        ("F64", "DoubleStorage", ScalarType.Float64, 8), ("F32", "FloatStorage", ScalarType.Float32, 4),
        ("F16", "HalfStorage", ScalarType.Float16, 2), ("BF16", "BFloat16Storage", ScalarType.BFloat16, 2),
        ("I64", "LongStorage", ScalarType.Int64, 8), ("I32", "IntStorage", ScalarType.Int32, 4),
        ("I16", "ShortStorage", ScalarType.Int16, 2), ("I8", "CharStorage", ScalarType.Int8, 1),
        ("U8", "ByteStorage", ScalarType.Byte, 1), ("BOOL", "BoolStorage", ScalarType.Bool, 1),
    ];

    /// <summary>PyTorch's storage classes with their element types.</summary>
    public static IEnumerable<(string Storage, ScalarType Type)> Storages => All.Select(t => (t.Storage, t.Type));

    public static bool TryParseSafeTensors(string name, out ScalarType type)
    {
        var found = Array.Find(All, t => t.SafeTensors == name);
        type = found.Type;
        return found.SafeTensors is not null;
    }

    public static int Size(ScalarType type) => Array.Find(All, t => t.Type == type).Size;

    public static string SafeTensors(ScalarType type) => Find(type).SafeTensors;

    public static string Storage(ScalarType type) => Find(type).Storage;

    private static (string SafeTensors, string Storage, ScalarType Type, int Size) Find(ScalarType type) => Array.Find(All, t => t.Type == type) is
        { SafeTensors: not null } found
        ? found
        : throw new ArgumentException($"Tensors of type {type} cannot be written to weight files.");
}
