using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A Python function or class that a pickle may name, with what takes its place here. Nothing of Python is ever run, and a name without an
/// entry in <see cref="PickleGlobals"/> ends the reading.
/// </summary>
/// <param name="name">Its full name, such as <c>collections.OrderedDict</c>.</param>
/// <param name="call">What a call gives, from plain values to a plain value.</param>
internal class PickleGlobal(string name, Func<object?[], object?> call)
{
    public string Name { get; } = name;

    public object? Call(object?[] arguments) => call(arguments);

    public override string ToString() => Name;
}

/// <summary>A class whose objects mean nothing here: whatever happens to them, the name is all that stays.</summary>
internal sealed class InertPickleGlobal(string name) : PickleGlobal(name, _ => new InertPickleGlobal(name));

/// <summary>One of PyTorch's storage classes.</summary>
internal sealed class PickleStorageClass(string name, ScalarType type)
    : PickleGlobal(name, _ => throw new InvalidDataException($"a {name} lies inside the pickle, which PyTorch does not write"))
{
    public ScalarType Type { get; } = type;
}
