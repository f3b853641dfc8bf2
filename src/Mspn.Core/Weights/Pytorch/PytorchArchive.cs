using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The two parts of a checkpoint, however they are packed: an object, and the storages that its tensors refer to.</summary>
internal abstract class PytorchArchive : IDisposable
{
    /// <summary>The saved object, as plain values.</summary>
    public object? Root { get; protected init; }

    /// <summary>The bytes that the file has for a storage, or null if it has none.</summary>
    public abstract long? Length(PytorchStorage storage);

    /// <summary>Fills a contiguous CPU tensor from a storage. Thread-safe.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="start">Its first byte that is meant.</param>
    /// <param name="target">The tensor.</param>
    public abstract void Read(PytorchStorage storage, long start, Tensor target);

    /// <inheritdoc />
    public virtual void Dispose()
    {
    }
}
