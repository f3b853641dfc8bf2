using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>The poses in one of many image files, or why there are none.</summary>
/// <param name="Index">Which file it was, from 0.</param>
/// <param name="File">The file, as it was given.</param>
/// <param name="Image">The image; null if it could not be used.</param>
/// <param name="Poses">The people in it; none if there is nobody, or if it could not be used.</param>
public sealed record FilePoses(long Index, string File, RgbImage? Image, IReadOnlyList<Pose> Poses)
{
    /// <summary>Why the file could not be used; the message names it. Null if it could.</summary>
    public PoseDataException? Error { get; init; }
}
