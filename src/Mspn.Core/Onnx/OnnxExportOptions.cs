namespace Mspn.Core;

/// <summary>What <see cref="OnnxExport"/> writes.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Whether the model takes pixels, <c>uint8 [N, H, W, 3]</c>, red first, and normalises them itself. Default false: it takes normalised
    /// <c>float [N, 3, H, W]</c>, as the network does.
    /// </summary>
    public bool RawPixels { get; init; }

    /// <summary>Whether heat maps and extras are outputs beside the keypoints. Default false. They always are where no keypoints are.</summary>
    public bool Maps { get; init; }

    /// <summary>Whether each crop is also run mirrored and the maps averaged: a little better, twice the time. Default false.</summary>
    public bool FlipTest { get; init; }

    /// <summary>How maps become keypoints. Default: the network's own decoder (<see cref="IPoseNetwork.CreateDecoder"/>).</summary>
    public IPoseDecoder? Decoder { get; init; }
}
