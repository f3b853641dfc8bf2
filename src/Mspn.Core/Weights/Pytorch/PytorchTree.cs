using System.Globalization;
using System.Text;

namespace Mspn.Core;

/// <summary>
/// Paths through the containers of a checkpoint: keys of dictionaries joined by slashes, places in lists and tuples in brackets, as in
/// <c>optimizer/param_groups[0]/lr</c>.
/// </summary>
internal static class PytorchTree
{
    // A container may lie in many others, or in itself; then there is no end to the paths.
    private const int MaximumDepth = 64;
    private const int MaximumVisits = 1_000_000;
    private const int MaximumNames = 1 << 24;

    /// <summary>All tensors with their paths, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">Containers are nested too deeply, or in themselves.</exception>
    public static List<(string Path, PytorchTensor Tensor)> Tensors(object? root)
    {
        var found = new List<(string, PytorchTensor)>();
        var (path, visits, characters) = (new StringBuilder(), 0, 0L);
        Visit(root, 0);
        return found;

        void Visit(object? value, int depth)
        {
            if (depth > MaximumDepth || ++visits > MaximumVisits)
            {
                throw new InvalidDataException("its containers are nested too deeply, or in themselves");
            }
            switch (value)
            {
                case PytorchTensor tensor:
                    characters += path.Length;
                    if (characters > MaximumNames)
                    {
                        throw new InvalidDataException($"the names of its tensors have more than {MaximumNames} characters");
                    }
                    found.Add((path.ToString(), tensor));
                    break;
                case OrderedDictionary<string, object?> dictionary:
                    foreach (var (key, item) in dictionary)
                    {
                        Step(path.Length == 0 ? key : "/" + key, item, depth);
                    }
                    break;
                case List<object?> or object?[]:
                    var items = Pickled.Sequence(value);
                    for (var i = 0; i < items.Count; i++)
                    {
                        if (items[i] is PytorchTensor or OrderedDictionary<string, object?> or List<object?> or object?[])
                        {
                            Step(string.Create(CultureInfo.InvariantCulture, $"[{i}]"), items[i], depth);
                        }
                    }
                    break;
            }
        }

        void Step(string step, object? item, int depth)
        {
            var length = path.Length;
            path.Append(step);
            Visit(item, depth + 1);
            path.Length = length;
        }
    }

    /// <summary>What lies at a path: a value or a container, or null if there is nothing.</summary>
    public static object? Find(object? node, ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
        {
            return node;
        }
        if (node is OrderedDictionary<string, object?> dictionary)
        {
            // A key may contain slashes and brackets itself, so that the longest one that fits counts.
            for (var end = path.Length; end > 0; end--)
            {
                if ((end == path.Length || path[end] is '/' or '[') && dictionary.TryGetValue(path[..end].ToString(), out var item))
                {
                    return Find(item, path[end..].TrimStart('/'));
                }
            }
            return null;
        }
        var close = path.IndexOf(']');
        return node is List<object?> or object?[] && path[0] == '[' && close > 0
            && int.TryParse(path[1..close], CultureInfo.InvariantCulture, out var index) && index >= 0 && index < Pickled.Sequence(node).Count
            ? Find(Pickled.Sequence(node)[index], path[(close + 1)..].TrimStart('/'))
            : null;
    }
}
