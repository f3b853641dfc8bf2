namespace Mspn.Core;

/// <summary>A network from a checkpoint of another code base, ready to use, and what was done to get it.</summary>
/// <param name="Model">The network and how images are prepared for it; the caller disposes it.</param>
/// <param name="Report">How the tensors fitted.</param>
/// <param name="Kind">How the checkpoint was arranged.</param>
public sealed record ImportedModel(PoseModel Model, ImportReport Report, CheckpointKind Kind);
