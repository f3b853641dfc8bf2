using System.Text.Json;

namespace Mspn.Testing;

/// <summary>Reading numbers from side JSON files, where not-a-number and infinities are strings.</summary>
public static class JsonNumbers
{
    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"'{other}' is not a number."),
        }
        : element.GetDouble();

    public static double Number(this JsonElement element, string property) => element.GetProperty(property).Number();

    public static int Int(this JsonElement element, string property) => element.GetProperty(property).GetInt32();

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    public static double[] Numbers(this JsonElement element, string property) => element.GetProperty(property).Numbers();

    public static double[][] Rows(this JsonElement element, string property) =>
        [.. element.GetProperty(property).EnumerateArray().Select(Numbers)];
}
