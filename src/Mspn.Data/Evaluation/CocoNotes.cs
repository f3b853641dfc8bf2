using System.Globalization;

namespace Mspn.Data;

/// <summary>Says in words what a table of numbers does not.</summary>
internal static class CocoNotes
{
    public static IReadOnlyList<string> Of(
        CocoEvaluation evaluation, CocoEvaluatorOptions options, FlatPeople people, FlatResults results, CocoMatcher matches, CocoGrouping grouping)
    {
        var notes = new List<string>();
        if (grouping.Images == 0)
        {
            notes.Add("All numbers are -1 because no image is scored.");
        }
        else if (people.Count == 0)
        {
            notes.Add("All numbers are -1 because nobody is annotated in the images that are scored.");
        }
        else if (evaluation.Counts.People == 0)
        {
            notes.Add("All numbers are -1 because everybody annotated is a crowd or has no labelled keypoints.");
        }
        else
        {
            AddMissing(notes, evaluation, options);
            AddCrowding(notes, evaluation, grouping);
            if (results.Count == 0)
            {
                notes.Add("AP and AR are 0 because there are no results for the images that are scored.");
            }
            else if (evaluation.Curves.MeanRecall(Math.Max(0, evaluation.Area("all"))) == 0)
            {
                notes.Add("AP and AR are 0 because not one pose is similar enough to anybody. Weights that were trained do better than that: look for a wrong "
                    + "checkpoint, another order of colours or keypoints, or image ids of another file.");
            }
        }
        if (matches.LostZero)
        {
            notes.Add("A match with annotation 0 counts as a false detection, as in pycocotools. Number annotations from 1.");
        }
        if (people.Unlisted > 0)
        {
            notes.Add($"Annotations left out because the ground truth does not list their images: {people.Unlisted}.");
        }
        var withoutArea = Enumerable.Range(0, people.Count).Count(i => people.Areas[i] == 0 && !people.IsIgnored[i]);
        if (withoutArea > 0)
        {
            notes.Add(options.UseArea
                ? $"People with an area of 0, who can hardly be found: {withoutArea}. Files without masks are scored by their boxes (UseArea = false)."
                : $"People with boxes of no size, who can hardly be found: {withoutArea}.");
        }
        return notes;
    }

    private static void AddMissing(List<string> notes, CocoEvaluation evaluation, CocoEvaluatorOptions options)
    {
        foreach (var (name, numbers) in new[] { ("all", "AP and AR"), ("medium", "AP_M and AR_M"), ("large", "AP_L and AR_L") })
        {
            var area = evaluation.Area(name);
            if (area < 0)
            {
                notes.Add($"{numbers} are -1 because no range of area is called '{name}'.");
            }
            else if (evaluation.Curves.MeanRecall(area) == -1)
            {
                var range = options.AreaRanges[area];
                notes.Add($"{numbers} are -1 because nobody who counts has an area {Span(range)}.");
            }
        }
        foreach (var (threshold, numbers) in new[] { (0.5, "AP50 and AR50"), (0.75, "AP75 and AR75") })
        {
            if (!options.Thresholds.Contains(threshold))
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"{numbers} are -1 because {threshold} is not among the thresholds."));
            }
        }
    }

    private static void AddCrowding(List<string> notes, CocoEvaluation evaluation, CocoGrouping grouping)
    {
        if (evaluation.Crowding is not { } levels)
        {
            return;
        }
        foreach (var (name, value, range) in new[]
        {
            ("AP_easy", levels.Easy, string.Create(CultureInfo.InvariantCulture, $"below {CrowdLevels.EasyBelow}")),
            ("AP_medium", levels.Medium, string.Create(CultureInfo.InvariantCulture, $"from {CrowdLevels.EasyBelow} to below {CrowdLevels.MediumBelow}")),
            ("AP_hard", levels.Hard, string.Create(CultureInfo.InvariantCulture, $"from {CrowdLevels.MediumBelow}")),
        })
        {
            if (value == -1)
            {
                notes.Add($"{name} is -1 because no image with somebody who counts has a crowd index {range}.");
            }
        }
        var without = grouping.CrowdIndices.Count(index => index is null);
        if (without > 0)
        {
            notes.Add($"Images without a crowd index, which are in none of AP_easy, AP_medium and AP_hard: {without}.");
        }
    }

    private static string Span(CocoAreaRange range) =>
        range.Most < CocoAreaRange.All.Most ? $"from {Square(range.Least)} to {Square(range.Most)}" : $"of {Square(range.Least)} or more";

    private static string Square(double area)
    {
        var side = Math.Sqrt(area);
        return side == Math.Floor(side)
            ? string.Create(CultureInfo.InvariantCulture, $"{side}²")
            : string.Create(CultureInfo.InvariantCulture, $"{area}");
    }
}
