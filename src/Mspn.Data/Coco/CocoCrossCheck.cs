using System.Globalization;

namespace Mspn.Data;

/// <summary>What can be checked of people only when images and categories are known, which may come after them in the file.</summary>
internal static class CocoCrossCheck
{
    /// <summary>Leaves out of <paramref name="people"/> who does not fit.</summary>
    public static void Run(
        List<CocoPerson> people, IReadOnlyDictionary<long, CocoImageInfo> images, List<CocoCategory> categories, HashSet<long> uncategorised, CocoReport report)
    {
        var byId = categories.ToDictionary(c => c.Id);
        var kept = 0;
        for (var i = 0; i < people.Count; i++)
        {
            var person = categories.Count == 1 && uncategorised.Contains(people[i].Id) ? people[i] with { CategoryId = categories[0].Id } : people[i];
            var category = byId.GetValueOrDefault(person.CategoryId);
            if (person.IsCrowd && category is { Keypoints.Count: > 0 and var needed } && person.Keypoints.Count != needed
                && person.Keypoints.All(k => k == default))
            {
                person = person with { Keypoints = [] };
            }
            var problem = !images.ContainsKey(person.ImageId)
                ? Problem(person, CocoFault.UnknownImage, "image_id", $"belongs to image {person.ImageId}, which is not listed")
                : byId.Count > 0 && category is null
                    ? Problem(person, CocoFault.UnknownCategory, "category_id", $"belongs to category {person.CategoryId}, which is not listed")
                    : CheckKeypoints(person, category) ?? CheckBox(person);
            if (problem is null)
            {
                people[kept++] = person;
            }
            else
            {
                report.Add(problem);
            }
        }
        people.RemoveRange(kept, people.Count - kept);
    }

    private static CocoProblem? CheckKeypoints(CocoPerson person, CocoCategory? category)
    {
        var names = category?.Keypoints ?? [];
        if (names.Count > 0 && person.Keypoints.Count > 0 && person.Keypoints.Count != names.Count)
        {
            return Problem(
                person, CocoFault.KeypointCount, "keypoints", CocoValues.WrongCount(person.Keypoints.Count, $"category {category!.Name ?? "1"}", names.Count));
        }
        for (var k = 0; k < person.Keypoints.Count; k++)
        {
            if (person.Keypoints[k].Visibility is not (0 or 1 or 2))
            {
                var which = names.Count > 0 ? names[k] : $"keypoint {k}";
                var visibility = person.Keypoints[k].Visibility.ToString(CultureInfo.InvariantCulture);
                return Problem(person, CocoFault.Visibility, "keypoints", $"gives {which} the visibility {visibility}; only 0, 1 and 2 exist");
            }
        }
        return null;
    }

    // People without labelled keypoints, and crowds, need no box; somebody's box of no size is a mistake.
    private static CocoProblem? CheckBox(CocoPerson person) =>
        !person.IsCrowd && person.Box != default && !person.Box.IsValid && person.Keypoints.Any(k => k.IsLabelled)
            ? Problem(person, CocoFault.Box, "bbox", CocoValues.NoUsableBox(person.Box))
            : null;

    private static CocoProblem Problem(CocoPerson person, CocoFault fault, string field, string problem) =>
        new(fault, $"annotation {person.Id}", person.Id, field, problem);
}
