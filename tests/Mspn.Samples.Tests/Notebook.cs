using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mspn.Samples.Tests;

/// <summary>A Jupyter notebook of C# cells.</summary>
internal sealed class Notebook(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public JsonNode Document { get; } = JsonNode.Parse(File.ReadAllText(path))!;

    /// <summary>The cells with code, from the top.</summary>
    public IReadOnlyList<JsonNode> Cells => [.. Document["cells"]!.AsArray().Where(c => (string?)c!["cell_type"] == "code").Select(c => c!)];

    public static string Source(JsonNode cell) => string.Concat(cell["source"]!.AsArray().Select(line => (string?)line));

    /// <summary>A cell as a compiler takes it: <c>#r</c> and <c>#!</c> lines are the notebook's business, and here empty lines.</summary>
    public static string Program(JsonNode cell) =>
        string.Join('\n', Source(cell).Split('\n').Select(line => line.TrimStart() is ['#', 'r' or '!', ..] ? string.Empty : line));

    /// <summary>Replaces a cell's outputs.</summary>
    public static void SetOutputs(JsonNode cell, int number, string text, IEnumerable<string> pictures)
    {
        var outputs = new JsonArray();
        foreach (var html in pictures)
        {
            outputs.Add(new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["text/html"] = Lines(html) }, ["metadata"] = new JsonObject() });
        }
        if (text.Length > 0)
        {
            outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = Lines(text) });
        }
        cell["execution_count"] = number;
        cell["outputs"] = outputs;
    }

    public void Save() => File.WriteAllText(path, Document.ToJsonString(Json) + "\n");

    private static JsonArray Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select((line, i) => (JsonNode)(i == 0 ? line : "\n" + line))];
}
