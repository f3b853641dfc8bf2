namespace Mspn.Data;

/// <summary>How a <see cref="PoseDataLoader"/> works.</summary>
public sealed record PoseLoaderOptions
{
    /// <summary>People per batch, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Threads that read and crop images, at least 1. Default 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that may be ready or in the making ahead of the consumer, at least 1. Default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Fixes the order and the augmentation of every epoch. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether the order changes from epoch to epoch. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether an incomplete last batch is left out. Default true, which leaves out others in every epoch if the order changes; set false to see everybody.</summary>
    public bool DropLast { get; init; } = true;
}
