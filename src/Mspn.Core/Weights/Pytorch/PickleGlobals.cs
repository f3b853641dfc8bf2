using System.Globalization;
using System.Text;

namespace Mspn.Core;

/// <summary>All the Python names that a checkpoint may use. The list is closed.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, PickleGlobal> Allowed = Build();

    /// <summary>The stand-in for a name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static PickleGlobal Find(string module, string name) =>
        Allowed.TryGetValue($"{module}.{name}", out var found) ? found : throw new InvalidDataException(
            name.EndsWith("Storage", StringComparison.Ordinal)
                ? $"its tensors are '{module}.{name}', and only those of plain real numbers are read"
                : $"it asks for '{module}.{name}', and nothing but tensors, plain containers and values is read from a pickle. If that is a module "
                    + "or another object, save its state_dict() instead");

    private static Dictionary<string, PickleGlobal> Build()
    {
        var all = new Dictionary<string, PickleGlobal>(StringComparer.Ordinal);
        void Add(string name, Func<object?[], object?> call) => all.Add(name, new PickleGlobal(name, call));

        Add("collections.OrderedDict", a => Dictionary(a, 0));
        Add("collections.defaultdict", a => Dictionary(a, 1));
        Add("collections.Counter", a => Dictionary(a, 0));
        foreach (var module in new[] { "__builtin__", "builtins" })
        {
            Add($"{module}.dict", a => Dictionary(a, 0));
            foreach (var sequence in new[] { "list", "set", "frozenset" })
            {
                Add($"{module}.{sequence}", a => a is [] ? new List<object?>() : new List<object?>(Pickled.Sequence(a[0])));
            }
            Add($"{module}.tuple", a => a is [] ? [] : Pickled.Sequence(a[0]).ToArray());
            Add($"{module}.int", a => a is [] ? 0L : a[0]);
            Add($"{module}.float", a => a is [] ? 0.0 : a[0]);
            Add($"{module}.bytes", Encode);
            Add($"{module}.bytearray", Encode);
            // Methods of a class that means nothing here mean nothing either.
            Add($"{module}.getattr", a => a is [InertPickleGlobal owner, string] ? owner : throw new InvalidDataException("it asks for an attribute"));
        }
        Add("_codecs.encode", Encode);

        Add("torch._utils._rebuild_tensor", PytorchTensor.Rebuild);
        Add("torch._utils._rebuild_tensor_v2", PytorchTensor.Rebuild);
        foreach (var parameter in new[] { "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter" })
        {
            Add(parameter, a => Pickled.Expect<PytorchTensor>(a.ElementAtOrDefault(0), "a parameter's tensor"));
        }
        Add("torch.Size", a => Pickled.Sequence(a.ElementAtOrDefault(0)).ToArray());
        Add("torch.device", a => string.Join(":", a.Select(Pickled.Key)));
        foreach (var type in new[] { "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool" })
        {
            all.Add($"torch.{type}", new InertPickleGlobal($"torch.{type}"));
        }
        foreach (var (storage, type) in WeightTypes.Storages)
        {
            foreach (var module in new[] { "torch", "torch.cuda" })
            {
                all.Add($"{module}.{storage}", new PickleStorageClass($"{module}.{storage}", type));
            }
        }

        all.Add("numpy.ndarray", new InertPickleGlobal("numpy.ndarray"));
        Add("numpy.dtype", NumpyType.Make);
        foreach (var module in new[] { "numpy.core", "numpy._core" })
        {
            Add($"{module}.multiarray._reconstruct", _ => new NumpyArray());
            Add($"{module}.multiarray.scalar", NumpyType.Scalar);
            Add($"{module}.numeric._frombuffer", NumpyArray.FromBuffer);
        }

        // Training logs beside the weights of mmengine.
        all.Add("mmengine.logging.history_buffer.HistoryBuffer", new InertPickleGlobal("mmengine.logging.history_buffer.HistoryBuffer"));
        return all;
    }

    private static OrderedDictionary<string, object?> Dictionary(object?[] arguments, int start)
    {
        var result = Pickled.Dictionary();
        switch (arguments.ElementAtOrDefault(start))
        {
            case null:
                break;
            case OrderedDictionary<string, object?> other:
                foreach (var (key, value) in other)
                {
                    Pickled.Set(result, key, value);
                }
                break;
            case var pairs:
                foreach (var pair in Pickled.Sequence(pairs))
                {
                    if (Pickled.Sequence(pair) is not [var key, var value])
                    {
                        throw new InvalidDataException("a dictionary is made of something else than pairs");
                    }
                    Pickled.Set(result, key, value);
                }
                break;
        }
        return result;
    }

    // Python writes bytes as text in which each character is a byte, where the protocol has none.
    private static byte[] Encode(object?[] arguments) => arguments switch
    {
        [] => [],
        [byte[] bytes] => bytes,
        [string text, string encoding] when encoding.ToLower(CultureInfo.InvariantCulture) is "latin1" or "latin-1" && text.All(c => c <= byte.MaxValue) =>
            Encoding.Latin1.GetBytes(text),
        _ => throw new InvalidDataException("bytes are encoded in an unknown way"),
    };
}
