using System.Runtime.CompilerServices;

namespace Mspn.Core;

/// <summary>
/// One set of keypoints: names, what a mirror image swaps, which points are joined when drawn, how precisely people annotate
/// each of them, and which belong to the upper body. The same object serves data, targets, metrics and pictures.
/// </summary>
/// <remarks>Immutable after construction, lists included, and safe to share between threads. Built with an object initialiser, then checked once by
/// <see cref="Validated"/>, which every consumer in this library calls.</remarks>
public sealed record KeypointSchema
{
    // Beside the record, so that a changed copy does not take over the original's.
    private static readonly ConditionalWeakTable<KeypointSchema, int[]> Permutations = [];

    /// <summary>Short name, such as <c>coco17</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Keypoint names in their fixed order, such as <c>left_shoulder</c>. Left and right are the person's own.</summary>
    public required IReadOnlyList<string> Keypoints { get; init => field = Copy(value); }

    /// <summary>Index pairs that a horizontal flip exchanges. Default: none.</summary>
    public IReadOnlyList<(int A, int B)> FlipPairs { get; init => field = Copy(value); } = [];

    /// <summary>Index pairs joined by a line when drawn. Default: none.</summary>
    public IReadOnlyList<(int A, int B)> Skeleton { get; init => field = Copy(value); } = [];

    /// <summary>
    /// OKS sigma of each keypoint: the standard deviation of annotators relative to the square root of the person's area
    /// (COCO's <c>kpt_oks_sigmas</c>). Default: empty, which means that OKS cannot be computed.
    /// </summary>
    public IReadOnlyList<double> Sigmas { get; init => field = Copy(value); } = [];

    /// <summary>Indices of upper-body keypoints, for half-body augmentation. Default: none, which turns it off.</summary>
    public IReadOnlyList<int> UpperBody { get; init => field = Copy(value); } = [];

    /// <summary>Number of keypoints.</summary>
    public int Count => Keypoints.Count;

    /// <summary>For each keypoint the index it takes in a mirrored image: identity apart from <see cref="FlipPairs"/>.</summary>
    public IReadOnlyList<int> FlipPermutation => Permutations.GetValue(this, schema => schema.BuildFlipPermutation());

    /// <summary>Index of the keypoint called <paramref name="name"/>, or −1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Keypoints.Count; i++)
        {
            if (string.Equals(Keypoints[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Whether another schema has keypoints of the same names in the same order. As many others would not do: LSP and CrowdPose have 14 each, in different orders.</summary>
    /// <param name="other">The other; what it is called, and its pairs, sigmas and skeleton do not matter. Names are compared without regard to case.</param>
    public bool HasSameKeypoints(KeypointSchema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(this, other) || Keypoints.SequenceEqual(other.Keypoints, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Checks that all indices and lengths fit together.</summary>
    /// <returns>This schema.</returns>
    /// <exception cref="ArgumentException">Something does not; the message says what.</exception>
    public KeypointSchema Validated()
    {
        if (Count == 0)
        {
            throw new ArgumentException($"Schema '{Name}' has no keypoints.");
        }
        if (Keypoints.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Count)
        {
            throw new ArgumentException($"Schema '{Name}' names a keypoint twice.");
        }
        foreach (var index in FlipPairs.Concat(Skeleton).SelectMany(p => new[] { p.A, p.B }).Concat(UpperBody))
        {
            if (index < 0 || index >= Count)
            {
                throw new ArgumentException($"Schema '{Name}' has {Count} keypoints but refers to index {index}.");
            }
        }
        var paired = FlipPairs.SelectMany(p => new[] { p.A, p.B }).ToArray();
        if (paired.Distinct().Count() != paired.Length)
        {
            throw new ArgumentException($"Schema '{Name}' has a keypoint in two flip pairs.");
        }
        if (Sigmas.Count != 0 && Sigmas.Count != Count)
        {
            throw new ArgumentException($"Schema '{Name}' needs {Count} positive sigmas (or none), not {Sigmas.Count}.");
        }
        for (var i = 0; i < Sigmas.Count; i++)
        {
            if (!(Sigmas[i] > 0 && double.IsFinite(Sigmas[i])))
            {
                throw new ArgumentException($"Schema '{Name}' needs positive sigmas; that of '{Keypoints[i]}' is none.");
            }
        }
        return this;
    }

    /// <summary>The name and the number of keypoints.</summary>
    public override string ToString() => $"{Name} ({Count} keypoints)";

    // Whoever keeps the list that he gave cannot change the schema by it.
    private static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> value, [CallerMemberName] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return [.. value];
    }

    private int[] BuildFlipPermutation()
    {
        var permutation = Enumerable.Range(0, Count).ToArray();
        foreach (var (a, b) in FlipPairs)
        {
            permutation[a] = b;
            permutation[b] = a;
        }
        return permutation;
    }
}
