using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

/// <summary>COCO files read in the plainest way, so that scoring is tested apart from the library's readers.</summary>
internal sealed record CocoJson(IReadOnlyList<CocoImageInfo> Images, IReadOnlyList<CocoPerson> People)
{
    public static CocoJson Truth(string path)
    {
        var file = Goldens.ReadJson(path);
        return new CocoJson(
            [.. file.GetProperty("images").EnumerateArray().Select(i => new CocoImageInfo(
                Id(i, "id"), null, null, i.TryGetProperty("crowdIndex", out var crowd) ? crowd.GetDouble() : null))],
            [.. file.GetProperty("annotations").EnumerateArray().Select(Person)]);
    }

    public static IReadOnlyList<CocoResult> Results(string path) =>
    [
        .. Goldens.ReadJson(path).EnumerateArray().Select(r => new CocoResult
        {
            ImageId = Id(r, "image_id"),
            CategoryId = Id(r, "category_id"),
            Keypoints = [.. r.Numbers("keypoints").Chunk(3).Select(k => new KeypointPrediction(k[0], k[1], k[2]))],
            Score = r.Number("score"),
            Box = r.TryGetProperty("bbox", out _) ? BoxOf(r) : null,
        }),
    ];

    private static CocoPerson Person(JsonElement annotation) => new()
    {
        Id = Id(annotation, "id"),
        ImageId = Id(annotation, "image_id"),
        CategoryId = Id(annotation, "category_id"),
        Keypoints = [.. annotation.Numbers("keypoints").Chunk(3).Select(k => new Keypoint(k[0], k[1], (float)k[2]))],
        LabelledKeypoints = annotation.Int("num_keypoints"),
        Box = BoxOf(annotation),
        Area = annotation.TryGetProperty("area", out var area) ? area.GetDouble() : 0,
        IsCrowd = annotation.TryGetProperty("iscrowd", out var crowd) && crowd.ValueKind switch
        {
            JsonValueKind.Number => crowd.GetInt32() != 0,
            _ => crowd.GetBoolean(),
        },
    };

    private static Box BoxOf(JsonElement element) => element.Numbers("bbox") is [var x, var y, var width, var height]
        ? new Box(x, y, width, height)
        : throw new FormatException("A box has four numbers.");

    private static long Id(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
