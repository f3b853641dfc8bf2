using Mspn.Core;

namespace Mspn.Data;

/// <summary>What a COCO file's category says of keypoints, against what the caller wants.</summary>
internal static class CocoCategories
{
    public static KeypointSchema Choose(string path, List<CocoCategory>? categories, KeypointSchema? wanted)
    {
        var own = categories?.FirstOrDefault(c => c.Keypoints is { Count: > 0 });
        if (wanted is null)
        {
            return own is null
                ? throw new PoseDataException(path, "no category lists keypoints, and no schema was given.")
                : FromCategory(path, own);
        }
        if (own is not null)
        {
            CheckFit(path, own.Keypoints!, wanted);
        }
        return wanted.Validated();
    }

    // Other names for the same points are common (CrowdPose files differ); the same names in another order are a mistake.
    private static void CheckFit(string path, List<string> names, KeypointSchema wanted)
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
        var names = category.Keypoints!;
        var pairs = new List<(int, int)>();
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Contains("left", StringComparison.OrdinalIgnoreCase))
            {
                var partner = names.FindIndex(n => string.Equals(
                    n, names[i].Replace("left", "right", StringComparison.OrdinalIgnoreCase), StringComparison.OrdinalIgnoreCase));
                if (partner >= 0)
                {
                    pairs.Add((i, partner));
                }
            }
        }
        try
        {
            return new KeypointSchema
            {
                Name = category.Name ?? "custom",
                Keypoints = names,
                FlipPairs = pairs,
                Skeleton = [.. (category.Skeleton ?? []).Select(p => p is [var a, var b]
                    ? (a - 1, b - 1) : throw new ArgumentException("a skeleton entry needs two keypoint numbers"))],
            }.Validated();
        }
        catch (ArgumentException e)
        {
            throw new PoseDataException(path, $"its category does not describe keypoints: {e.Message}", e);
        }
    }
}
