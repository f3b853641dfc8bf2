namespace Mspn.Core;

/// <summary>A keypoint read from a heat map.</summary>
/// <param name="X">Column in pixels of the crop (or of the image, once mapped back); pixel centres at integers.</param>
/// <param name="Y">Row, likewise.</param>
/// <param name="Score">Confidence; about 0.5 for none and 1.5 for a full peak with MSPN's decoders, 0 and 1 with the other heat-map decoders,
/// the map's value when people are assembled from peaks.</param>
public readonly record struct KeypointPrediction(double X, double Y, double Score)
{
    /// <summary>A keypoint that was not found: no position, score 0. Decoders of whole images leave such gaps in a person; those of crops
    /// never do.</summary>
    public static KeypointPrediction Missing { get; } = new(double.NaN, double.NaN, 0);

    /// <summary>Whether there is a position.</summary>
    public bool IsFound => !double.IsNaN(X) && !double.IsNaN(Y);
}
