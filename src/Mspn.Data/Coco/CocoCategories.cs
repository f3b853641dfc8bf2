using System.Globalization;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>What a COCO file's categories say of keypoints, against what the caller wants.</summary>
internal static class CocoCategories
{
    /// <summary>The category whose keypoints are meant; null if none lists any.</summary>
    public static CocoCategory? Choose(string path, IReadOnlyList<CocoCategory> categories, string? wanted)
    {
        if (wanted is not null)
        {
            return categories.FirstOrDefault(c => string.Equals(c.Name, wanted, StringComparison.OrdinalIgnoreCase))
                ?? categories.FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == wanted)
                ?? throw new PoseDataException(path, $"there is no category '{wanted}'; there {List(categories)}.");
        }
        var candidates = categories.Where(c => c.Keypoints.Count > 0).ToList();
        return candidates.Count <= 1
            ? candidates.FirstOrDefault()
            : throw new PoseDataException(
                path,
                $"several categories list keypoints: {string.Join(", ", candidates)}. "
                + $"Say which is meant by {nameof(CocoReadOptions)}.{nameof(CocoReadOptions.Category)}, its name or id.");
    }

    /// <summary>The wanted keypoints if the category fits them, or else the category's own.</summary>
    public static KeypointSchema Schema(string path, CocoCategory? own, KeypointSchema? wanted)
    {
        if (wanted is null)
        {
            return own is { Keypoints.Count: > 0 }
                ? FromCategory(path, own)
                : throw new PoseDataException(path, "no category lists keypoints, and no schema was given.");
        }
        if (own is { Keypoints.Count: > 0 })
        {
            CheckFit(path, own.Keypoints, wanted);
        }
        return wanted.Validated();
    }

    private static string List(IReadOnlyList<CocoCategory> categories) =>
        categories.Count == 0 ? "are no categories" : $"{(categories.Count == 1 ? "is" : "are")} {string.Join(", ", categories)}";

    // Other names for the same points are common (CrowdPose files differ); the same names in another order are a mistake.
    private static void CheckFit(string path, IReadOnlyList<string> names, KeypointSchema wanted)
    {
        if (names.Count != wanted.Count)
        {
            throw new PoseDataException(path, $"its category has {names.Count} keypoints ({string.Join(", ", names)}), but {wanted.Name} has {wanted.Count}.");
        }
        var sameOrder = names.SequenceEqual(wanted.Keypoints, StringComparer.OrdinalIgnoreCase);
        var sameSet = names.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(wanted.Keypoints);
        if (sameSet && !sameOrder)
        {
            throw new PoseDataException(path, $"its category orders the keypoints of {wanted.Name} differently: {string.Join(", ", names)}.");
        }
    }

    private static KeypointSchema FromCategory(string path, CocoCategory category)
    {
        var names = category.Keypoints;
        var known = KeypointSchemas.All.FirstOrDefault(s => s.Keypoints.SequenceEqual(names, StringComparer.OrdinalIgnoreCase));
        try
        {
            return new KeypointSchema
            {
                Name = category.Name ?? "custom",
                Keypoints = names,
                FlipPairs = PairsByName(names),
                Skeleton = [.. category.Skeleton.Select(pair => (pair.A - 1, pair.B - 1))],
                Sigmas = category.Sigmas.Count > 0 ? category.Sigmas : known?.Sigmas ?? [],
                UpperBody = known?.UpperBody ?? [],
            }.Validated();
        }
        catch (ArgumentException e)
        {
            // CrowdPose's published files are such a case: their skeleton is COCO's.
            throw new PoseDataException(path, $"its category {category} does not describe keypoints ({e.Message}); give a schema instead.", e);
        }
    }

    private static List<(int A, int B)> PairsByName(IReadOnlyList<string> names)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            places.TryAdd(names[i], i);
        }
        var pairs = new List<(int, int)>();
        for (var i = 0; i < names.Count; i++)
        {
            var mirrored = names[i].Replace("left", "right", StringComparison.OrdinalIgnoreCase);
            if (mirrored != names[i] && places.TryGetValue(mirrored, out var partner))
            {
                pairs.Add((i, partner));
            }
        }
        return pairs;
    }
}
