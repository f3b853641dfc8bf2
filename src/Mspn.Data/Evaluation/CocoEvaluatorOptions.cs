namespace Mspn.Data;

/// <summary>What <see cref="CocoEvaluator"/> does. The defaults are pycocotools' for <c>iouType="keypoints"</c>.</summary>
public sealed record CocoEvaluatorOptions
{
    /// <summary>As xtcocotools scores CrowdPose: its rules, and areas of boxes instead of masks.</summary>
    public static CocoEvaluatorOptions CrowdPose { get; } = new() { Rules = CocoRules.Xtcocotools, UseArea = false };

    /// <summary>Whose rules apply. Default pycocotools'.</summary>
    public CocoRules Rules { get; init; } = CocoRules.Pycocotools;

    /// <summary>
    /// Whether a person's area is the annotation's; otherwise it is 0.53 times its box's, for files without masks (xtcocotools'
    /// <c>use_area</c>). Default true.
    /// </summary>
    public bool UseArea { get; init; } = true;

    /// <summary>Ranges of area. Default all, medium and large. The ten numbers take theirs by these names.</summary>
    public IReadOnlyList<CocoAreaRange> AreaRanges { get; init; } = [CocoAreaRange.All, CocoAreaRange.Medium, CocoAreaRange.Large];

    /// <summary>Least OKS of a match, ascending, 64 at most. Default 0.50 to 0.95 in steps of 0.05.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = Steps(0.5, 0.95, 10);

    /// <summary>How many results an image keeps of each category, those with the highest scores. Default 20.</summary>
    public int MaxDetections { get; init; } = 20;

    /// <summary>Only these images are scored, and the results of others are left out. Default null: all of the file.</summary>
    public IReadOnlyCollection<long>? Images { get; init; }

    /// <summary>Only these categories are scored; the numbers are means over them. Default null: all that somebody is annotated with.</summary>
    public IReadOnlyCollection<long>? Categories { get; init; }

    /// <summary>The recalls at which precision is read: 0 to 1 in steps of 0.01.</summary>
    internal static double[] Recalls { get; } = Steps(0, 1, 101);

    internal CocoEvaluatorOptions Validated()
    {
        if (Thresholds.Count is 0 or > 64 || Thresholds.Any(t => !(t > 0 && t <= 1)) || Thresholds.Zip(Thresholds.Skip(1)).Any(p => p.First >= p.Second))
        {
            throw new ArgumentException($"1 to 64 ascending thresholds above 0 and up to 1 are needed, given [{string.Join(", ", Thresholds)}].");
        }
        if (AreaRanges.Count == 0 || AreaRanges.Any(a => !(a.Least <= a.Most)) || AreaRanges.DistinctBy(a => a.Name).Count() != AreaRanges.Count)
        {
            throw new ArgumentException($"Ranges of area need different names and a least below the most, given [{string.Join(", ", AreaRanges)}].");
        }
        return MaxDetections > 0
            ? this
            : throw new ArgumentException($"An image must keep at least one result, not {MaxDetections}.");
    }

    // numpy.linspace's arithmetic, because the thresholds decide to the last bit; its steps give 0.75 exactly.
    private static double[] Steps(double first, double last, int count)
    {
        var step = (last - first) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? last : i * step + first)];
    }
}
