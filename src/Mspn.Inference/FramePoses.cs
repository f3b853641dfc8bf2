using Mspn.Data;

namespace Mspn.Inference;

/// <summary>The poses of one image of a stream.</summary>
/// <param name="Index">Which image it was, from 0.</param>
/// <param name="Image">The image.</param>
/// <param name="Poses">The people in it; none if there is nobody.</param>
public sealed record FramePoses(long Index, RgbImage Image, IReadOnlyList<Pose> Poses);
