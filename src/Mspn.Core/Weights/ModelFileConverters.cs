using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mspn.Core;

/// <summary>A size as <c>[height, width]</c>.</summary>
internal sealed class ImageSizeConverter : JsonConverter<ImageSize>
{
    public override ImageSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<int[]>(ref reader, options) is [var height, var width]
            ? new ImageSize(height, width)
            : throw new JsonException("a size needs a height and a width");

    public override void Write(Utf8JsonWriter writer, ImageSize value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new[] { value.Height, value.Width }, options);
}

/// <summary>A schema with its pairs as arrays of two.</summary>
internal sealed class KeypointSchemaConverter : JsonConverter<KeypointSchema>
{
    public override KeypointSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stored = JsonSerializer.Deserialize<Stored>(ref reader, options) ?? throw new JsonException("null");
        return new KeypointSchema
        {
            Name = stored.Name,
            Keypoints = stored.Keypoints,
            FlipPairs = [.. stored.FlipPairs.Select(Pair)],
            Skeleton = [.. stored.Skeleton.Select(Pair)],
            Sigmas = stored.Sigmas,
            UpperBody = stored.UpperBody,
        }.Validated();
    }

    public override void Write(Utf8JsonWriter writer, KeypointSchema value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new Stored(value.Name, value.Keypoints, Pairs(value.FlipPairs), Pairs(value.Skeleton), value.Sigmas, value.UpperBody),
        options);

    private static int[][] Pairs(IEnumerable<(int A, int B)> pairs) => [.. pairs.Select(p => new[] { p.A, p.B })];

    private static (int, int) Pair(int[] pair) =>
        pair is [var a, var b] ? (a, b) : throw new JsonException("a pair of keypoints needs two indices");

    private sealed record Stored(
        string Name, IReadOnlyList<string> Keypoints, int[][] FlipPairs, int[][] Skeleton, IReadOnlyList<double> Sigmas, IReadOnlyList<int> UpperBody);
}
