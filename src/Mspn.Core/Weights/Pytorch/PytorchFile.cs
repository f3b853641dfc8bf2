using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A PyTorch checkpoint (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>, …) opened for reading, without Python: what <c>torch.save</c> writes for tensors in plain containers, in the
/// zip format (PyTorch 1.6 and later) and in the one before. Nothing in it is executed: the pickle inside is interpreted by a reader that knows tensors,
/// containers, numbers, text and NumPy's arrays, and that refuses everything else by name.
/// </summary>
/// <remarks>
/// <para>
/// Tensors have the path to them as name: <c>backbone.conv.weight</c> in a bare state dict, <c>state_dict/backbone.conv.weight</c> in a dictionary of
/// dictionaries, <c>list[0]</c> in a list. <see cref="CheckpointLayout"/> finds the network's among them. Views are read as the tensors they show; a storage
/// that several tensors share is read for each.
/// </para>
/// <para>No tensor may be larger than 16 MiB or eight times the file, whichever is more: only views that repeat elements and compressed zeros are.</para>
/// <para>Not thread-safe. Dispose it when the tensors have been read; tensors read from it live on.</para>
/// </remarks>
public sealed class PytorchFile : WeightFile
{
    private const long SmallTensor = 1 << 24;
    private const int LargestGrowth = 8;

    private readonly WeightBytes _bytes;
    private readonly PytorchArchive _archive;

    private PytorchFile(string path, WeightBytes bytes)
        : base(path)
    {
        _bytes = bytes;
        Span<byte> start = stackalloc byte[4];
        var length = bytes.AsStream().ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        _archive = IsZip(start[..length]) ? new PytorchZip(bytes) : new PytorchLegacy(bytes);
        foreach (var (name, tensor) in PytorchTree.Tensors(_archive.Root))
        {
            Check(name, tensor);
            Add(name, tensor);
        }
    }

    /// <summary>Opens a checkpoint and checks all that it says of its tensors. Their numbers are not read yet.</summary>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">
    /// The file is missing, unreadable, damaged, or holds something else than tensors and plain values; the message names it and the reason.
    /// </exception>
    public static new PytorchFile Open(string path) => Open(path, OpenStream(path));

    /// <summary>A number, text, flag or container of the checkpoint that is not a tensor, such as <c>iteration</c> or <c>optimizer/param_groups[0]/lr</c>.</summary>
    /// <param name="path">Keys of dictionaries joined by slashes, places in lists in brackets. The empty path is the saved object itself.</param>
    /// <returns>
    /// bool, long, BigInteger, double, string, byte[], <see cref="NumpyArray"/>, <c>IReadOnlyList&lt;object?&gt;</c> (lists, tuples, sets) or
    /// <c>IReadOnlyDictionary&lt;string, object?&gt;</c>, to be read only; null for Python's None, for a tensor, and where there is nothing.
    /// Keys that are numbers are texts here.
    /// </returns>
    public object? Value(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PytorchTree.Find(_archive.Root, path) is var value and not (PytorchTensor or PickleGlobal or NumpyType) ? value : null;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _archive.Dispose();
        _bytes.Dispose();
    }

    /// <summary>Whether a file that begins so can be a checkpoint.</summary>
    internal static bool Recognizes(ReadOnlySpan<byte> start) =>
        // A pickle that begins with a long number, perhaps in a frame, or with the digits of the magic number.
        IsZip(start) || start is [0x80, <= 5, 0x8a or 0x95, ..] || start.StartsWith("L1195470"u8);

    internal static new PytorchFile Open(string path, Stream stream) => Guarded(path, stream, bytes => new PytorchFile(path, bytes));

    internal override void Fill(WeightEntry entry, Tensor target)
    {
        var tensor = (PytorchTensor)entry;
        if (tensor.Extent == 0)
        {
            return;
        }
        var start = tensor.Start * WeightTypes.Size(tensor.Type);
        if (tensor.IsContiguous)
        {
            _archive.Read(tensor.Storage, start, target);
            return;
        }
        using var scope = NewDisposeScope();
        var span = empty(tensor.Extent, tensor.Type, device: CPU);
        _archive.Read(tensor.Storage, start, span);
        target.detach().copy_(span.as_strided(tensor.Shape, tensor.Strides, 0));
    }

    private static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    private void Check(string name, PytorchTensor tensor)
    {
        var storage = tensor.Storage;
        var stored = _archive.Length(storage) ?? throw new InvalidDataException($"storage '{storage.Key}' of tensor '{name}' is missing");
        if (storage.Bytes > stored)
        {
            throw new InvalidDataException($"storage '{storage.Key}' of tensor '{name}' needs {storage.Bytes} bytes, but {stored} are stored");
        }
        if (Math.Max(tensor.Size, stored) > Math.Max(SmallTensor, LargestGrowth * _bytes.Length))
        {
            throw new InvalidDataException($"tensor '{name}' of {tensor.Size} bytes is out of all proportion to a file of {_bytes.Length}");
        }
    }
}
