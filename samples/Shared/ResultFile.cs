using System.Text.Json;
using System.Text.Json.Nodes;
using Mspn.Core;

namespace Mspn.Samples;

/// <summary>A file of numbers that a sample writes.</summary>
public static class ResultFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes JSON; missing folders are created.</summary>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static void Write(string path, JsonNode document)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }
            File.WriteAllText(path, document.ToJsonString(Indented));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"the result cannot be written ({e.Message})", e);
        }
    }
}
