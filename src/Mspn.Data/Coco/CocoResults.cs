using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>COCO's result files: lists of poses or of boxes, each of an image and with a score.</summary>
/// <remarks>
/// <code>[{"image_id": 139, "category_id": 1, "keypoints": [x, y, s, …], "bbox": [x, y, width, height], "score": 0.9}, …]</code>
/// of which <c>keypoints</c> or <c>bbox</c> may be missing. The image's <c>file_name</c> may be there; other fields are skipped. Layout:
/// <a href="https://cocodataset.org/#format-results">cocodataset.org</a>.
/// </remarks>
public static class CocoResults
{
    // Written in pieces of about this size, so that no more than one of them is in memory.
    private const int FlushAt = 1 << 16;

    /// <summary>Reads a result file. It is streamed as <see cref="CocoKeypointFile"/> is.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="progress">Told the part of the file that was read, from 0 to 1.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The entries in the file's order.</returns>
    /// <exception cref="PoseDataException">
    /// The file is missing or damaged, or an entry lacks <c>image_id</c>, <c>score</c>, or both <c>keypoints</c> and <c>bbox</c>, or has a value that cannot
    /// be: text for a number, a number that is not finite, a negative size. The message names the entry's position, its image and the field.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IReadOnlyList<CocoResult> Read(string path, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var results = new List<CocoResult>();
        Read(path, new CocoReport(path, tolerant: false), (result, _) => results.Add(result), progress, cancellation);
        return results;
    }

    /// <summary>Reads results from a stream, which stays open.</summary>
    /// <param name="stream">UTF-8 JSON, from its present position.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="progress">As for files; told nothing but the end where the stream cannot tell its length.</param>
    /// <param name="cancellation">As for files.</param>
    /// <returns>The entries in the stream's order.</returns>
    /// <exception cref="PoseDataException">As for files.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IReadOnlyList<CocoResult> Read(
        Stream stream, string name, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var results = new List<CocoResult>();
        var parser = new CocoResultParser(name, new CocoReport(name, tolerant: false), (result, _) => results.Add(result));
        JsonFile.Read(stream, name, parser.Parse, progress, cancellation);
        return results;
    }

    /// <summary>Writes a result file, whole or not at all. Doubles are written so that reading gives the same ones.</summary>
    /// <param name="path">The file; missing folders are created.</param>
    /// <param name="results">Poses or boxes. A keypoint that was not found (<see cref="KeypointPrediction.Missing"/>) becomes 0, 0 and its score, since JSON
    /// knows no NaN.</param>
    /// <exception cref="ArgumentException">A result has neither keypoints nor a box, or a number that is not finite.</exception>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<CocoResult> results)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(results);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartArray();
            foreach (var result in results)
            {
                WriteResult(json, result);
                if (json.BytesPending > FlushAt)
                {
                    json.Flush();
                }
            }
            json.WriteEndArray();
        });
    }

    /// <summary>Makes sure that results belong to a ground truth: that it lists their images, and has as many keypoints.</summary>
    /// <param name="results">The results.</param>
    /// <param name="source">The results' file, or whatever else errors should name.</param>
    /// <param name="truth">The ground truth.</param>
    /// <exception cref="PoseDataException">They do not; the message names the first that does not by its position and image.</exception>
    public static void Check(IReadOnlyList<CocoResult> results, string source, CocoKeypointFile truth)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(truth);
        var report = new CocoReport(source, tolerant: false);
        var needed = truth.KeypointCategory()?.Keypoints.Count ?? 0;
        for (var i = 0; i < results.Count; i++)
        {
            if (CheckImage(results[i], i, truth) is { } problem)
            {
                report.Add(problem);
            }
            var given = results[i].Keypoints.Count;
            if (needed > 0 && given > 0 && given != needed)
            {
                report.Add(Problem(results[i], i, CocoFault.KeypointCount, "keypoints", CocoValues.WrongCount(given, truth.SourceName, needed)));
            }
        }
    }

    /// <summary>As the public one, handing out the entries with their positions; a tolerant report lets it go on after those that cannot be used.</summary>
    internal static void Read(
        string path, CocoReport report, Action<CocoResult, int> found, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        JsonFile.Read(path, "result file", new CocoResultParser(path, report, found).Parse, progress, cancellation);
    }

    /// <summary>That a result's image is not listed; null if it is.</summary>
    internal static CocoProblem? CheckImage(CocoResult result, int index, CocoKeypointFile truth) => truth.FindImage(result.ImageId) is not null
        ? null
        : Problem(result, index, CocoFault.UnknownImage, "image_id", $"is of an image that {truth.SourceName} does not list");

    /// <summary>Something wrong with a result.</summary>
    internal static CocoProblem Problem(CocoResult result, int index, CocoFault fault, string field, string problem) =>
        new(fault, ItemName(index, result.ImageId), result.ImageId, field, problem);

    /// <summary>What errors call a result: they have no ids.</summary>
    internal static string ItemName(int index, long? image) => $"result {index}{(image is null ? "" : $" of image {image}")}";

    private static void WriteResult(Utf8JsonWriter json, CocoResult result)
    {
        if (result.Keypoints.Count == 0 && result.Box is null)
        {
            throw new ArgumentException($"A result of image {result.ImageId} has neither keypoints nor a box.");
        }
        json.WriteStartObject();
        json.WriteNumber("image_id"u8, result.ImageId);
        if (result.ImageName is { } name)
        {
            json.WriteString("file_name"u8, name);
        }
        json.WriteNumber("category_id"u8, result.CategoryId);
        if (result.Keypoints.Count > 0)
        {
            json.WriteStartArray("keypoints"u8);
            foreach (var keypoint in result.Keypoints)
            {
                // COCO's way to leave a keypoint out. One that has a score was to be found.
                var missing = !keypoint.IsFound && keypoint.Score == 0;
                json.WriteNumberValue(missing ? 0 : Finite(keypoint.X, result));
                json.WriteNumberValue(missing ? 0 : Finite(keypoint.Y, result));
                json.WriteNumberValue(Finite(keypoint.Score, result));
            }
            json.WriteEndArray();
        }
        if (result.Box is { } box)
        {
            json.WriteStartArray("bbox"u8);
            json.WriteNumberValue(Finite(box.X, result));
            json.WriteNumberValue(Finite(box.Y, result));
            json.WriteNumberValue(Finite(box.Width, result));
            json.WriteNumberValue(Finite(box.Height, result));
            json.WriteEndArray();
        }
        json.WriteNumber("score"u8, Finite(result.Score, result));
        json.WriteEndObject();
    }

    private static double Finite(double value, CocoResult result) => double.IsFinite(value)
        ? value
        : throw new ArgumentException($"A result of image {result.ImageId} has a number that is not finite.");
}
