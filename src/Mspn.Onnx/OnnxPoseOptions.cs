using Mspn.Core;

namespace Mspn.Onnx;

/// <summary>How a pose network in an ONNX file is run.</summary>
public sealed record OnnxPoseOptions
{
    /// <summary>Crops per run, at least 1. Default 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int BatchSize { get; init => field = Require.AtLeast(value, 1, nameof(BatchSize)); } = 16;

    /// <summary>Threads that share one run. Default 0: as many as the machine has cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Threads { get; init => field = Require.AtLeast(value, 0, nameof(Threads)); }
}
