namespace Mspn.Core;

/// <summary>
/// The names that another code base gives to a network's tensors: a table of beginnings, ours and theirs. What follows a beginning (<c>weight</c>,
/// <c>running_mean</c>, …) is the same on both sides.
/// </summary>
/// <remarks>Immutable and thread-safe. Where several beginnings fit a name, the longest counts.</remarks>
public sealed class KeyMap
{
    private readonly (string Ours, string Theirs)[] _byOurs;
    private readonly (string Ours, string Theirs)[] _byTheirs;

    /// <summary>Creates the map.</summary>
    /// <param name="name">Whose names they are, for reports.</param>
    /// <param name="beginnings">Pairs of beginnings, each up to and including a dot.</param>
    /// <param name="unused">Tensors that their files hold although their code never uses them.</param>
    /// <exception cref="ArgumentException">A beginning appears twice on one side.</exception>
    public KeyMap(
        string name, IEnumerable<(string Ours, string Theirs)> beginnings, IEnumerable<(string Name, IReadOnlyList<long> Shape)>? unused = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(beginnings);
        Name = name;
        (string Ours, string Theirs)[] pairs = [.. beginnings];
        foreach (var side in new[] { pairs.Select(p => p.Ours), pairs.Select(p => p.Theirs) })
        {
            if (side.GroupBy(key => key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new ArgumentException($"The map {name} has the beginning '{twice.Key}' twice.", nameof(beginnings));
            }
        }
        _byOurs = [.. pairs.OrderByDescending(p => p.Ours.Length)];
        _byTheirs = [.. pairs.OrderByDescending(p => p.Theirs.Length)];
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
        var found = _byOurs.FirstOrDefault(p => ours.StartsWith(p.Ours, StringComparison.Ordinal));
        return found.Ours is null ? null : found.Theirs + ours[found.Ours.Length..];
    }

    /// <summary>Our name for one of theirs, or null if the map does not cover it.</summary>
    public string? Ours(string theirs)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        var found = _byTheirs.FirstOrDefault(p => theirs.StartsWith(p.Theirs, StringComparison.Ordinal));
        return found.Theirs is null ? null : found.Ours + theirs[found.Theirs.Length..];
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
