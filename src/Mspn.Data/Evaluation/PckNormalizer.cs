namespace Mspn.Data;

/// <summary>What distances are divided by.</summary>
public enum PckNormalizer
{
    /// <summary>
    /// The torso: right shoulder to left hip or left shoulder to right hip, the longer of the two where both are labelled, else the one
    /// that is. People with neither are left out.
    /// </summary>
    Torso,

    /// <summary>The head: neck (MPII: upper neck) to head top. People without both are left out. COCO's keypoints have no such points.</summary>
    Head,

    /// <summary>The longer side of the person's box.</summary>
    Box,

    /// <summary>
    /// <see cref="PoseSample.HeadSize"/>, 0.6 of the diagonal of the annotated head box: MPII's PCKh (<see cref="PckhResult"/>). People without it
    /// are left out.
    /// </summary>
    HeadBox,

    /// <summary>
    /// A length that the caller gives with each person. People whose length is not above 0 are left out, as mmpose does with lengths of 0.
    /// </summary>
    Given,

    /// <summary>Nothing: distances and thresholds are in image pixels. Nobody is left out.</summary>
    Pixels,
}
