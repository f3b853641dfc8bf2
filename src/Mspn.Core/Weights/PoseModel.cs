namespace Mspn.Core;

/// <summary>A network together with what it expects around it; what a model file holds.</summary>
/// <param name="Network">The network. Whoever holds the model disposes it.</param>
/// <param name="Input">How images are prepared for it.</param>
public sealed record PoseModel(IPoseNetwork Network, PoseInput Input) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Network.Dispose();
}
