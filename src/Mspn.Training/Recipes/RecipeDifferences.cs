using System.Text.Json.Nodes;

namespace Mspn.Training;

/// <summary>Compares recipes as their files have them.</summary>
internal static class RecipeDifferences
{
    /// <summary>The fields that differ, with both values, the second after "not".</summary>
    public static IReadOnlyList<string> Between(JsonNode? left, JsonNode? right, string path = "") => (left, right) switch
    {
        (JsonObject a, JsonObject b) =>
            [.. a.Select(p => p.Key).Union(b.Select(p => p.Key)).SelectMany(key => Between(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}"))],
        _ when JsonNode.DeepEquals(left, right) => [],
        _ => [$"{path}: {Show(left)}, not {Show(right)}"],
    };

    private static string Show(JsonNode? node) => node is null ? "nothing" : node.ToJsonString();
}
