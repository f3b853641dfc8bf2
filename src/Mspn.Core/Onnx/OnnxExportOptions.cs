namespace Mspn.Core;

/// <summary>What <see cref="OnnxExport"/> writes.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Whether the model takes pixels, <c>uint8 [N, H, W, 3]</c>, red first, and normalises them itself. Default false: it takes normalised
    /// <c>float [N, 3, H, W]</c>, as the network does.
    /// </summary>
    public bool RawPixels { get; init; }

    /// <summary>Whether the decoder is part of the graph and keypoints are its output. Default true.</summary>
    public bool Keypoints { get; init; } = true;

    /// <summary>Which maps are outputs beside the keypoints. Default none. Where there are no keypoints, the final ones always are.</summary>
    public ExportedMaps Maps { get; init; }

    /// <summary>Whether each crop is also run mirrored and the maps averaged: a little better, twice the time. Default false; not with every map.</summary>
    public bool FlipTest { get; init; }

    /// <summary>How maps become keypoints. Default: the network's own decoder (<see cref="IPoseNetwork.CreateDecoder"/>).</summary>
    public IPoseDecoder? Decoder { get; init; }
}
