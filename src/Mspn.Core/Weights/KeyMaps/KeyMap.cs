namespace Mspn.Core;

/// <summary>
/// The names that another code base gives to a network's tensors: a table of beginnings, ours and theirs. What follows a beginning (<c>weight</c>,
/// <c>running_mean</c>, …) is the same on both sides.
/// </summary>
/// <remarks>Immutable and thread-safe. Where several beginnings fit a name, the longest counts.</remarks>
public sealed class KeyMap
{
    private readonly Dictionary<string, string> _theirs;
    private readonly Dictionary<string, string> _ours;

    /// <summary>Creates the map.</summary>
    /// <param name="name">Whose names they are, for reports.</param>
    /// <param name="beginnings">Pairs of beginnings, each up to and including a dot.</param>
    /// <param name="unused">Tensors that their files hold although their code never uses them.</param>
    /// <exception cref="ArgumentException">A beginning does not end in a dot, or appears twice on one side.</exception>
    public KeyMap(
        string name, IEnumerable<(string Ours, string Theirs)> beginnings, IEnumerable<(string Name, IReadOnlyList<long> Shape)>? unused = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(beginnings);
        Name = name;
        (string Ours, string Theirs)[] pairs = [.. beginnings];
        _theirs = Table(name, pairs);
        _ours = Table(name, pairs.Select(p => (p.Theirs, p.Ours)));
        Unused = [.. unused ?? []];
    }

    /// <summary>Whose names they are.</summary>
    public string Name { get; }

    /// <summary>Tensors that their files hold although their code never uses them.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> Unused { get; }

    /// <summary>Their name for one of ours, or null if the map does not cover it.</summary>
    public string? Theirs(string ours)
    {
        ArgumentNullException.ThrowIfNull(ours);
        return Renamed(ours, _theirs);
    }

    /// <summary>Our name for one of theirs, or null if the map does not cover it.</summary>
    public string? Ours(string theirs)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        return Renamed(theirs, _ours);
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    private static Dictionary<string, string> Table(string name, IEnumerable<(string From, string To)> pairs)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (from, to) in pairs)
        {
            if (!from.EndsWith('.'))
            {
                throw new ArgumentException($"The map {name} has the beginning '{from}', which does not end in a dot.", nameof(pairs));
            }
            if (!table.TryAdd(from, to))
            {
                throw new ArgumentException($"The map {name} has the beginning '{from}' twice.", nameof(pairs));
            }
        }
        return table;
    }

    private static string? Renamed(string name, Dictionary<string, string> table)
    {
        var beginnings = table.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var beginning = name.AsSpan(); (beginning = beginning[..(beginning.LastIndexOf('.') + 1)]).Length > 0; beginning = beginning[..^1])
        {
            if (beginnings.TryGetValue(beginning, out var other))
            {
                return string.Concat(other, name.AsSpan(beginning.Length));
            }
        }
        return null;
    }
}
