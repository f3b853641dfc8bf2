using Mspn.Core;

namespace Mspn.Inference;

/// <summary>How a <see cref="PoseRenderer"/> draws.</summary>
public sealed record PoseRendererOptions
{
    /// <summary>Images whose longer side is below this are enlarged by a whole factor first, so that lines and letters are legible. Default 400.</summary>
    public int MinimumSize { get; init; } = 400;

    /// <summary>
    /// The image is shrunk or enlarged to fit into this before anything is drawn, so that lines and letters are legible on a sheet's cells. Default null: see
    /// <see cref="MinimumSize"/>.
    /// </summary>
    public ImageSize? FitInto { get; init; }

    /// <summary>What the colours of limbs tell apart. Default the sides.</summary>
    public PoseColors Colors { get; init; }

    /// <summary>
    /// Keypoints with a lower score are not drawn, nor their bones. Default 0. The scores' range is the decoder's: from about 0.5 (nothing) to 1.5
    /// (certain) with MSPN's, of which networks that were trained briefly stay far below (<see cref="OfficialHeatmapDecoder"/>); from 0 to 1 with most others.
    /// </summary>
    public double MinimumScore { get; init; }

    /// <summary>Keypoints with a lower score, and their bones, are drawn faintly. Default 0.</summary>
    public double FaintScore { get; init; }

    /// <summary>Whether each keypoint's score is written beside it. Default false.</summary>
    public bool Scores { get; init; }

    /// <summary>Whether the person's box is drawn. Default true.</summary>
    public bool Boxes { get; init; } = true;

    /// <summary>Whether the person's score (<see cref="Pose.Score"/>) is written at the person's box. Default true.</summary>
    public bool Labels { get; init; } = true;
}
