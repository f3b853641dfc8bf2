using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>What reads a JSON file token by token, from its first.</summary>
internal delegate void JsonFileParser(ref JsonFileReader json);

/// <summary>JSON files from their beginning to their end.</summary>
internal static class JsonFile
{
    /// <summary>Opens a file, reads it through <paramref name="parse"/>, and makes sure that nothing follows.</summary>
    /// <exception cref="PoseDataException">The file cannot be opened, or is no JSON.</exception>
    public static void Read(
        string path, string what, JsonFileParser parse, IProgress<double>? progress, CancellationToken cancellation)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            Read(stream, path, parse, progress, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(path, what, e);
        }
    }

    /// <summary>As the other, from a stream that stays open.</summary>
    public static void Read(Stream stream, string name, JsonFileParser parse, IProgress<double>? progress, CancellationToken cancellation)
    {
        var json = new JsonFileReader(stream, name, progress, cancellation);
        try
        {
            json.Read();
            parse(ref json);
            json.Read();
        }
        catch (JsonException e)
        {
            var where = json.List.Length > 0 ? $" in {json.List}[{json.Index}]" : "";
            throw new PoseDataException(name, $"the JSON cannot be read{where}: {e.Message}", e);
        }
        progress?.Report(1);
    }
}
