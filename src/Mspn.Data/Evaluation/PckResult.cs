namespace Mspn.Data;

/// <summary>Percentage of correct keypoints, as fractions from 0 to 1.</summary>
/// <remarks>
/// What nothing was counted for is not a number, and means pass over it. The references differ: mmpose gives −1 to a keypoint that was never
/// labelled and a mean of 0 to nobody; the MPII codes divide 0 by 0.
/// </remarks>
public sealed record PckResult
{
    /// <summary>What distances were divided by.</summary>
    public required PckNormalizer Normalizer { get; init; }

    /// <summary>A keypoint is correct if its normalised distance is below this; or equal to it, if <see cref="Inclusive"/>.</summary>
    public required double Threshold { get; init; }

    /// <summary>Whether a distance equal to the threshold is correct.</summary>
    public required bool Inclusive { get; init; }

    /// <summary>Correct keypoints among all that count; not a number if none does.</summary>
    public required double Value { get; init; }

    /// <summary>The same for each keypoint by name; not a number for one that was never labelled.</summary>
    public required IReadOnlyDictionary<string, double> PerKeypoint { get; init; }

    /// <summary>How often each keypoint counts, by name.</summary>
    public required IReadOnlyDictionary<string, int> CountPerKeypoint { get; init; }

    /// <summary>The mean of <see cref="PerKeypoint"/> over the keypoints that occur; mmpose's <c>keypoint_pck_accuracy</c> averages like this.</summary>
    public double MeanOverKeypoints => PerKeypoint.Values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Keypoints that count.</summary>
    public required int Count { get; init; }

    /// <summary>People that count.</summary>
    public required int People { get; init; }

    /// <summary>People left out because the normalising distance is not known.</summary>
    public required int PeopleLeftOut { get; init; }
}
