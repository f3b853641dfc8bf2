using Mspn.Core;

namespace Mspn.Data;

/// <summary>One annotation of a COCO keypoint file, as it stands there. Crowds and people without keypoints are among them: evaluation needs both.</summary>
public sealed record CocoPerson
{
    /// <summary>The annotation's id, unique in its file.</summary>
    public required long Id { get; init; }

    /// <summary>The image's id.</summary>
    public required long ImageId { get; init; }

    /// <summary>The category's id. Default 1, COCO's person.</summary>
    public long CategoryId { get; init; } = 1;

    /// <summary>Keypoints in image pixels, in the category's order; empty where the annotation has none (crowds often do not).</summary>
    public required IReadOnlyList<Keypoint> Keypoints { get; init; }

    /// <summary>The file's own <c>num_keypoints</c>; where it is missing, the keypoints with a visibility above 0.</summary>
    public required int LabelledKeypoints { get; init; }

    /// <summary>The box, as <c>bbox</c> gives it; of no size where the file has none.</summary>
    public Box Box { get; init; }

    /// <summary>The mask's area in square pixels; 0 where the file has none.</summary>
    public double Area { get; init; }

    /// <summary>Whether it is a crowd (<c>iscrowd</c>): what is found there is neither right nor wrong.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>The file's <c>ignore</c> flag. Default false.</summary>
    public bool Ignore { get; init; }
}
