namespace Mspn.Core;

/// <summary>The limbs of a body in the order in which people are put together from them, and where their vector fields are found.</summary>
/// <remarks>Immutable and safe to share between threads. Targets, networks, flips and the assembly of people read the same object.</remarks>
public sealed class LimbLayout
{
    private readonly LimbMirror[]? _mirrors;
    private readonly string _unmirrored = "";

    /// <summary>Checks and keeps the limbs.</summary>
    /// <param name="keypoints">The keypoints that the limbs join.</param>
    /// <param name="limbs">At least one, in the order of assembly; no two join the same keypoints.</param>
    /// <exception cref="ArgumentException">An index does not fit the schema, a limb occurs twice or ends where it begins, or the channels are
    /// not the numbers from 0 to the number of limbs − 1, once each.</exception>
    public LimbLayout(KeypointSchema keypoints, IReadOnlyList<Limb> limbs)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        ArgumentNullException.ThrowIfNull(limbs);
        Keypoints = keypoints.Validated();
        Limbs = [.. limbs];
        Check();
        var mirrors = new LimbMirror[Limbs.Count];
        for (var i = 0; i < mirrors.Length; i++)
        {
            if (FindMirror(Limbs[i]) is not { } mirror)
            {
                _unmirrored = Describe(Limbs[i]);
                return;
            }
            mirrors[i] = mirror;
        }
        _mirrors = mirrors;
    }

    /// <summary>
    /// OpenPose's 19 limbs for <see cref="KeypointSchemas.OpenPose18"/>: order of assembly and channels as in Hzzone's
    /// <c>pytorch-openpose</c> (<c>src/body.py</c>). The last two, shoulder to ear, do not start people.
    /// </summary>
    public static LimbLayout OpenPose18 { get; } = new(
        KeypointSchemas.OpenPose18,
        [
            new(1, 2, 6), new(1, 5, 10), new(2, 3, 7), new(3, 4, 8), new(5, 6, 11), new(6, 7, 12), new(1, 8, 0), new(8, 9, 1), new(9, 10, 2),
            new(1, 11, 3), new(11, 12, 4), new(12, 13, 5), new(1, 0, 14), new(0, 14, 15), new(14, 16, 17), new(0, 15, 16), new(15, 17, 18),
            new(2, 16, 9, StartsPerson: false), new(5, 17, 13, StartsPerson: false),
        ]);

    /// <summary>The keypoints that the limbs join.</summary>
    public KeypointSchema Keypoints { get; }

    /// <summary>The limbs, in the order of assembly.</summary>
    public IReadOnlyList<Limb> Limbs { get; }

    /// <summary>Number of limbs, which is the number of vector fields; there are twice as many maps.</summary>
    public int Count => Limbs.Count;

    /// <summary>For each limb, the limb that takes its place in a mirrored image.</summary>
    /// <exception cref="InvalidOperationException">The layout is lopsided: a limb has no counterpart on the other side. The message names
    /// it.</exception>
    public IReadOnlyList<LimbMirror> Mirrors => _mirrors
        ?? throw new InvalidOperationException($"The limb {_unmirrored} has no counterpart on the other side, so its field cannot be mirrored.");

    /// <summary>
    /// One limb for each pair of a schema's skeleton, with the channel of the same index, outwards from the first pair: each limb begins at a keypoint
    /// that an earlier one has reached. Pairs that close a ring come last and start nobody, as OpenPose's last two.
    /// </summary>
    /// <remarks>The order matters: the reference's assembly continues people at the ends of limbs and never takes up where one begins.</remarks>
    /// <exception cref="ArgumentException">The schema has no skeleton, or it joins two keypoints twice.</exception>
    public static LimbLayout FromSkeleton(KeypointSchema keypoints)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        var waiting = keypoints.Skeleton.Select((pair, i) => new Limb(pair.A, pair.B, i)).ToList();
        var (reached, outward, rings) = (new HashSet<int>(), new List<Limb>(), new List<Limb>());
        while (waiting.Count > 0)
        {
            var next = waiting.Find(limb => reached.Contains(limb.From) || reached.Contains(limb.To)) ?? waiting[0];
            waiting.Remove(next);
            if (reached.Contains(next.From) && reached.Contains(next.To))
            {
                rings.Add(next with { StartsPerson = false });
            }
            else
            {
                outward.Add(reached.Contains(next.To) ? next with { From = next.To, To = next.From } : next);
            }
            reached.Add(next.From);
            reached.Add(next.To);
        }
        return new LimbLayout(keypoints, [.. outward, .. rings]);
    }

    /// <summary>The keypoints' name and the number of limbs.</summary>
    public override string ToString() => $"{Keypoints.Name} ({Count} limbs)";

    private void Check()
    {
        if (Count == 0)
        {
            throw new ArgumentException($"A layout for {Keypoints} needs at least one limb.");
        }
        foreach (var limb in Limbs)
        {
            if (limb.From < 0 || limb.From >= Keypoints.Count || limb.To < 0 || limb.To >= Keypoints.Count)
            {
                throw new ArgumentException($"The limb {limb.From}–{limb.To} does not fit {Keypoints}.");
            }
            if (limb.From == limb.To)
            {
                throw new ArgumentException($"The limb {Describe(limb)} ends where it begins.");
            }
        }
        if (Limbs.Select(l => (Math.Min(l.From, l.To), Math.Max(l.From, l.To))).Distinct().Count() != Count)
        {
            throw new ArgumentException($"The layout for {Keypoints} joins two keypoints twice.");
        }
        if (!Limbs.Select(l => l.Channel).Order().SequenceEqual(Enumerable.Range(0, Count)))
        {
            throw new ArgumentException(
                $"{Count} limbs need the channels 0 to {Count - 1} once each, given {string.Join(", ", Limbs.Select(l => l.Channel))}.");
        }
    }

    private LimbMirror? FindMirror(Limb limb)
    {
        var (from, to) = (Keypoints.FlipPermutation[limb.From], Keypoints.FlipPermutation[limb.To]);
        for (var i = 0; i < Count; i++)
        {
            var other = Limbs[i];
            if ((other.From, other.To) == (from, to))
            {
                return new LimbMirror(i, Turns: false);
            }
            if ((other.From, other.To) == (to, from))
            {
                return new LimbMirror(i, Turns: true);
            }
        }
        return null;
    }

    private string Describe(Limb limb) => $"{Keypoints.Keypoints[limb.From]}–{Keypoints.Keypoints[limb.To]}";
}
