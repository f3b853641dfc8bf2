namespace Mspn.Data;

/// <summary>How many of the annotated people of some images were found.</summary>
public sealed record PeopleFoundResult
{
    /// <summary>Annotated people.</summary>
    public required int People { get; init; }

    /// <summary>Annotated people who were found.</summary>
    public required int Found { get; init; }

    /// <summary>People who were found but are none of the annotated ones, and not in an ignored region.</summary>
    public required int False { get; init; }

    /// <summary>Labelled keypoints of all annotated people.</summary>
    public required int Keypoints { get; init; }

    /// <summary>Those of them that are correct in the person found for them.</summary>
    public required int CorrectKeypoints { get; init; }

    /// <summary>Found people among the annotated ones, from 0 to 1; not a number if there are none.</summary>
    public double Recall => (double)Found / People;

    /// <summary>Annotated people among those found, from 0 to 1; not a number if nobody was found.</summary>
    public double Precision => (double)Found / (Found + False);

    /// <summary>Correct keypoints among the labelled ones, from 0 to 1; not a number if there are none.</summary>
    public double CorrectShare => (double)CorrectKeypoints / Keypoints;
}
