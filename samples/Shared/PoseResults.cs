using System.Globalization;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples;

/// <summary>Poses of many images in the layout of COCO's keypoint results, with file names.</summary>
/// <param name="files">The images, in order.</param>
public sealed class PoseResults(IReadOnlyList<string> files)
{
    // COCO's files are called by the images' numbers; others are counted from 1.
    private readonly long[] _numbers = files.Select(NumberOf).ToArray() is var numbers && numbers.All(n => n is not null) && numbers.Distinct().Count() == numbers.Length
        ? [.. numbers.Select(n => n!.Value)]
        : [.. Enumerable.Range(1, files.Count)];

    private readonly List<CocoResult> _results = [];

    /// <summary>Takes down an image's poses.</summary>
    /// <param name="index">Which of the images it is, from 0.</param>
    /// <param name="poses">The poses in it.</param>
    public void Add(int index, IReadOnlyList<Pose> poses) => _results.AddRange(
        poses.Select(pose => pose.ToCocoResult(_numbers[index]) with { ImageName = files[index] }));

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(string path) => CocoResults.Write(path, _results);

    private static long? NumberOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
