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

    /// <summary>
    /// What the network computes with. Default <see cref="NumericPrecision.Exact"/>; <see cref="NumericPrecision.Fast"/> takes about half the time where the
    /// processor multiplies bfloat16, and moves keypoints by a fraction of a pixel.
    /// </summary>
    public NumericPrecision Precision { get; init; }

    /// <summary>How maps become people. Default: the network's own (<see cref="IPoseNetwork.CreateDecoder"/>).</summary>
    public IPoseDecoder? Decoder { get; init; }
}
