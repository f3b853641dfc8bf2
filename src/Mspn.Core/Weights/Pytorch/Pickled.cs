using System.Globalization;
using System.Numerics;

namespace Mspn.Core;

/// <summary>
/// The values of a pickle: null, bool, long, BigInteger, double, string, byte[], object?[] (a tuple), List (a list or set), OrderedDictionary,
/// <see cref="NumpyArray"/>, <see cref="PytorchTensor"/> and inert names.
/// </summary>
internal static class Pickled
{
    private const int LongestKey = 4096;

    public static OrderedDictionary<string, object?> Dictionary() => new(StringComparer.Ordinal);

    /// <summary>Adds a pair. Keys are kept as text, because that is how paths name them.</summary>
    /// <exception cref="InvalidDataException">The key is a container, or there already.</exception>
    public static void Set(OrderedDictionary<string, object?> dictionary, object? key, object? value)
    {
        var text = Key(key);
        if (!dictionary.TryAdd(text, value))
        {
            throw new InvalidDataException($"a dictionary has the key '{text}' twice");
        }
    }

    public static string Key(object? key) => key switch
    {
        string { Length: > LongestKey } => throw new InvalidDataException($"the key of a dictionary has more than {LongestKey} characters"),
        string text => text,
        null => "None",
        bool flag => flag ? "True" : "False",
        long or BigInteger or double => ((IFormattable)key).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException("the key of a dictionary is neither text nor a number"),
    };

    /// <summary>The items of a list or tuple.</summary>
    public static IReadOnlyList<object?> Sequence(object? value) => value switch
    {
        List<object?> list => list,
        object?[] tuple => tuple,
        _ => throw new InvalidDataException("a list or tuple was expected"),
    };

    public static T Expect<T>(object? value, string what) => value is T expected ? expected : throw new InvalidDataException($"{what} is missing");

    /// <summary>A list of whole numbers, such as a shape.</summary>
    public static long[] Numbers(object? value, string what) => [.. Sequence(value).Select(v => Expect<long>(v, what))];

    /// <summary>How much is copied when this value is: items, or pieces of text and bytes.</summary>
    public static long Weight(object? value) => value switch
    {
        List<object?> list => list.Count,
        object?[] tuple => tuple.Length,
        OrderedDictionary<string, object?> dictionary => dictionary.Count,
        string text => text.Length / 64,
        _ => 0,
    };
}
