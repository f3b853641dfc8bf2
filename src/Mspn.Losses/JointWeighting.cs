namespace Mspn.Losses;

/// <summary>What the numbers handed to a joint loss as visibility mean.</summary>
public enum JointWeighting
{
    /// <summary>COCO's flag: a keypoint counts fully if its visibility is above the loss's threshold, else not at all.</summary>
    Flags,

    /// <summary>Factors on the squared error, <c>w·(p − t)²</c>: mmpose's <c>KeypointMSELoss</c>.</summary>
    SquaredError,

    /// <summary>
    /// Factors on both maps, <c>(w·p − w·t)²</c>, so that they act squared: SimpleBaseline's <c>JointsMSELoss</c> and mmpose's
    /// <c>KeypointOHKMMSELoss</c>.
    /// </summary>
    Maps,
}
