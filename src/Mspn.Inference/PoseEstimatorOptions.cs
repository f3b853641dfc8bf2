using Mspn.Core;

namespace Mspn.Inference;

/// <summary>How a <see cref="PoseEstimator"/> works.</summary>
public sealed record PoseEstimatorOptions
{
    internal const int DefaultBatchSize = 16;

    /// <summary>Whether each image is also run mirrored and the maps averaged: a little better, twice the time. Default false.</summary>
    public bool FlipTest { get; init; }

    /// <summary>Crops per network call, at least 1. Default 16.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>How maps become people. Default: the network's own (<see cref="IPoseNetwork.CreateDecoder"/>).</summary>
    public IPoseDecoder? Decoder { get; init; }
}
