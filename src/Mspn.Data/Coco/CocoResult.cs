using Mspn.Core;

namespace Mspn.Data;

/// <summary>One entry of a COCO result file: a pose, or a person's box from a detector.</summary>
public sealed record CocoResult
{
    /// <summary>The image's id.</summary>
    public required long ImageId { get; init; }

    /// <summary>The image's file, where the entry tells it (<c>file_name</c>, which COCO's own layout has not); null where it does not.</summary>
    public string? ImageName { get; init; }

    /// <summary>The category's id. Default 1, COCO's person.</summary>
    public long CategoryId { get; init; } = 1;

    /// <summary>Keypoints in image pixels, in the category's order, with the numbers that stand in the file as scores; empty for a box.</summary>
    public IReadOnlyList<KeypointPrediction> Keypoints { get; init; } = [];

    /// <summary>The person's score.</summary>
    public required double Score { get; init; }

    /// <summary>The box, where there is one.</summary>
    public Box? Box { get; init; }
}
