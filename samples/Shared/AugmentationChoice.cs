using Mspn.Data;

namespace Mspn.Samples;

/// <summary>The value of <c>--augmentation</c>.</summary>
public static class AugmentationChoice
{
    private static readonly Dictionary<string, ICropAugmentation?> Choices = new()
    {
        ["official-coco"] = CropAugmentation.OfficialCoco,
        ["official-mpii"] = CropAugmentation.OfficialMpii,
        ["mmpose"] = CropAugmentation.Mmpose,
        ["simple"] = CropAugmentation.Simple,
        ["none"] = null,
    };

    /// <summary>Names that <see cref="Get"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => Choices.Keys;

    /// <summary>The augmentation of a name; null for evaluation crops.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static ICropAugmentation? Get(string name) => Choices.TryGetValue(name, out var choice)
        ? choice
        : throw new ArgumentException($"There is no augmentation '{name}'; there are {string.Join(", ", Names)}.");
}
