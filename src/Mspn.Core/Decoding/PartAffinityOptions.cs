namespace Mspn.Core;

/// <summary>How people are assembled from heat maps and part affinity fields. The defaults are those of Hzzone's <c>pytorch-openpose</c>
/// (<c>src/body.py</c>), for maps whose peaks are 1 and fields of unit vectors, both in pixels of the image.</summary>
public sealed record PartAffinityOptions
{
    /// <summary>Standard deviation of the smoothing before peaks are sought, map pixels. Default 3.</summary>
    public double Sigma { get; init; } = 3;

    /// <summary>A peak's smoothed value is greater than this. Default 0.1; not negative.</summary>
    public double PeakThreshold { get; init; } = 0.1;

    /// <summary>
    /// Of more peaks of one keypoint than this, the highest are kept: every pair of peaks is tried for a limb, and a flat map is a peak all over. The
    /// reference keeps all. Default 500, more than people in a photo; at least 1.
    /// </summary>
    public int MaximumPeaks { get; init; } = 500;

    /// <summary>A sample supports a limb if the field along the limb is greater than this there. Default 0.05.</summary>
    public double FieldThreshold { get; init; } = 0.05;

    /// <summary>Points at which a field is read between two peaks, both included. Default 10; at least 2.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>More than this share of the samples must support a limb. Default 0.8, so 9 of 10.</summary>
    public double SampleShare { get; init; } = 0.8;

    /// <summary>People with fewer parts are dropped. Default 4.</summary>
    public int MinimumParts { get; init; } = 4;

    /// <summary>People whose total score divided by the number of parts is smaller are dropped. Default 0.4.</summary>
    public double MinimumMeanScore { get; init; } = 0.4;

    /// <summary>Checks all values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the message says which.</exception>
    public PartAffinityOptions Validated()
    {
        Require(Sigma > 0 && double.IsFinite(Sigma), Sigma, nameof(Sigma), "positive");
        Require(PeakThreshold >= 0, PeakThreshold, nameof(PeakThreshold), "at least 0");
        Require(MaximumPeaks >= 1, MaximumPeaks, nameof(MaximumPeaks), "at least 1");
        Require(!double.IsNaN(FieldThreshold), FieldThreshold, nameof(FieldThreshold), "a number");
        Require(Samples >= 2, Samples, nameof(Samples), "at least 2");
        Require(SampleShare is >= 0 and < 1, SampleShare, nameof(SampleShare), "at least 0 and less than 1");
        Require(MinimumParts >= 0, MinimumParts, nameof(MinimumParts), "at least 0");
        Require(!double.IsNaN(MinimumMeanScore), MinimumMeanScore, nameof(MinimumMeanScore), "a number");
        return this;
    }

    private static void Require(bool holds, object value, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
