namespace Mspn.Onnx;

/// <summary>How a pose network in an ONNX file is run.</summary>
public sealed record OnnxPoseOptions
{
    /// <summary>Crops per run, at least 1. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Threads that share one run. Default 0: as many as the machine has cores.</summary>
    public int Threads { get; init; }
}
