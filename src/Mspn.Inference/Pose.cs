using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>A person's keypoints in an image.</summary>
/// <param name="Schema">What the keypoints are.</param>
/// <param name="Keypoints">
/// Positions in image pixels (pixel centres at integers) and scores, in the schema's order; <see cref="KeypointPrediction.Missing"/> where a
/// bottom-up network found none.
/// </param>
/// <param name="Box">The box that the person was looked for in, or the one around the keypoints of a person found in a whole image.</param>
/// <param name="BoxScore">The box's own score; 1 if it was given by hand.</param>
public sealed record Pose(KeypointSchema Schema, IReadOnlyList<KeypointPrediction> Keypoints, Box Box, double BoxScore = 1)
{
    private readonly double? _personScore;

    /// <summary>How sure the decoder is of the person, whatever the box's score. Default: the mean keypoint score.</summary>
    public double PersonScore
    {
        get => _personScore ?? Keypoints.Average(k => k.Score);
        init => _personScore = value;
    }

    /// <summary>The person's score: the box score times <see cref="PersonScore"/>, as in the official code.</summary>
    public double Score => BoxScore * PersonScore;

    /// <summary>The keypoint called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">The schema has none of that name.</exception>
    public KeypointPrediction this[string name] => Schema.IndexOf(name) is var i and >= 0
        ? Keypoints[i]
        : throw new ArgumentException($"{Schema} has no keypoint '{name}'.", nameof(name));

    /// <summary>The pose as an entry of COCO's keypoint results, of category 1 and without the image's name.</summary>
    /// <param name="imageId">The image's id.</param>
    public CocoResult ToCocoResult(long imageId) => new() { ImageId = imageId, Keypoints = Keypoints, Box = Box, Score = Score };

    /// <summary>A person found without a box: the box is the pixels from the first to the last that a found keypoint lies on.</summary>
    internal static Pose Around(KeypointSchema schema, PersonPrediction person)
    {
        var found = person.Keypoints.Where(k => k.IsFound).ToArray();
        var box = default(Box);
        if (found.Length > 0)
        {
            var (left, top) = (found.Min(k => k.X), found.Min(k => k.Y));
            box = new Box(left, top, found.Max(k => k.X) - left + 1, found.Max(k => k.Y) - top + 1);
        }
        return new Pose(schema, person.Keypoints, box) { PersonScore = person.Score };
    }
}
