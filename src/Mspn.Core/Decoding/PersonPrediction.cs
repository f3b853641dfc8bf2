namespace Mspn.Core;

/// <summary>A person found in a crop or a whole image.</summary>
/// <param name="Keypoints">One for each keypoint of the schema, in its order; <see cref="KeypointPrediction.Missing"/> where none was
/// found.</param>
/// <param name="Score">Confidence; its scale is the decoder's, larger is surer.</param>
public sealed record PersonPrediction(IReadOnlyList<KeypointPrediction> Keypoints, double Score);
