namespace Mspn.Core;

/// <summary>What comparing and suppressing poses needs to know of one.</summary>
/// <param name="Keypoints">Positions in image pixels and scores.</param>
/// <param name="Area">The person's area in square pixels: that of the box, or of the segment where there is one.</param>
/// <param name="Score">The pose's score.</param>
public sealed record ScoredPose(IReadOnlyList<KeypointPrediction> Keypoints, double Area, double Score);
