using Mspn.Core;

namespace Mspn.Inference;

/// <summary>A person's keypoints in an image.</summary>
/// <param name="Schema">What the keypoints are.</param>
/// <param name="Keypoints">Positions in image pixels (pixel centres at integers) and scores, in the schema's order.</param>
/// <param name="Box">The box that the person was looked for in.</param>
/// <param name="BoxScore">The box's own score; 1 if it was given by hand.</param>
public sealed record Pose(KeypointSchema Schema, IReadOnlyList<KeypointPrediction> Keypoints, Box Box, double BoxScore = 1)
{
    /// <summary>The person's score: the box score times the mean keypoint score, as in the official code.</summary>
    public double Score => BoxScore * Keypoints.Average(k => k.Score);

    /// <summary>The keypoint called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">The schema has none of that name.</exception>
    public KeypointPrediction this[string name] => Schema.IndexOf(name) is var i and >= 0
        ? Keypoints[i]
        : throw new ArgumentException($"{Schema} has no keypoint '{name}'.", nameof(name));
}
