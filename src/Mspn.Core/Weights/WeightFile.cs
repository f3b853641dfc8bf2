using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// A file of tensors by name, opened for reading: safetensors (<see cref="SafeTensorsFile"/>) or a PyTorch checkpoint
/// (<see cref="PytorchFile"/>). Opening reads names, types and shapes only; numbers are read when they are asked for.
/// </summary>
/// <remarks>Not thread-safe. Dispose it when the tensors have been read; tensors read from it live on.</remarks>
public abstract class WeightFile : IDisposable
{
    private const int MostReaders = 4;

    private readonly OrderedDictionary<string, WeightEntry> _entries = new(StringComparer.Ordinal);

    private protected WeightFile(string path) => Path = path;

    /// <summary>The file's path as given.</summary>
    public string Path { get; }

    /// <summary>Names of the tensors, in the file's order.</summary>
    public IReadOnlyList<string> Names => _entries.Keys;

    internal IEnumerable<KeyValuePair<string, WeightEntry>> Entries => _entries;

    /// <summary>Opens a file of either kind, which its content tells and not its extension.</summary>
    /// <returns>The file; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">The file is missing, unreadable, of neither kind or damaged; the message names it.</exception>
    public static WeightFile Open(string path) => Open(path, OpenStream(path));

    /// <summary>Shape of a tensor.</summary>
    /// <exception cref="PoseDataException">The file has no tensor of that name.</exception>
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <summary>Element type of a tensor.</summary>
    /// <exception cref="PoseDataException">The file has no tensor of that name.</exception>
    public ScalarType Type(string name) => Find(name).Type;

    /// <summary>Whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads one tensor to the CPU, in its stored type and in row order.</summary>
    /// <returns>A new tensor; the caller (or its dispose scope) owns it.</returns>
    /// <exception cref="PoseDataException">The file has no tensor of that name, or it cannot be read.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name);
        var result = empty(entry.Shape, entry.Type, device: CPU); // whatever the default device is
        try
        {
            ReadInto(name, result);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites a tensor by one of the file's. Without a copy between if it has the stored type and lies in one piece on the CPU.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="target">A tensor of the stored shape; any type, any device. Its gradients and history are not touched.</param>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another shape.</exception>
    /// <exception cref="PoseDataException">The file has no tensor of that name, or it cannot be read.</exception>
    public void ReadInto(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var entry = Find(name);
        if (!target.shape.SequenceEqual(entry.Shape))
        {
            throw new ArgumentException(
                $"'{name}' has shape [{string.Join(", ", entry.Shape)}], not [{string.Join(", ", target.shape)}].", nameof(target));
        }
        using var scope = NewDisposeScope();
        try
        {
            if (target.device_type == DeviceType.CPU && target.dtype == entry.Type && target.is_contiguous())
            {
                Fill(entry, target);
            }
            else
            {
                target.detach().copy_(Read(name));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new PoseDataException(Path, $"tensor '{name}' cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Overwrites tensors by the file's, several at a time.</summary>
    /// <param name="tensors">Name in the file and target of each, as for <see cref="ReadInto(string, Tensor)"/>.</param>
    /// <param name="progress">Told how many are done.</param>
    internal void ReadInto(IReadOnlyList<(string Name, Tensor Target)> tensors, IProgress<int>? progress = null)
    {
        var (done, turn) = (0, new Lock());
        try
        {
            Parallel.ForEach(tensors, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MostReaders) }, item =>
            {
                ReadInto(item.Name, item.Target);
                lock (turn)
                {
                    progress?.Report(++done);
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <inheritdoc />
    public abstract void Dispose();

    /// <summary>Reads a tensor's numbers into a contiguous CPU tensor of its type and shape. Thread-safe.</summary>
    internal abstract void Fill(WeightEntry entry, Tensor target);

    /// <summary>Opens a stream as the content of a file, which then owns it.</summary>
    internal static WeightFile Open(string path, Stream stream) => Guarded<WeightFile>(path, stream, _ =>
    {
        Span<byte> start = stackalloc byte[9];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (PytorchFile.Recognizes(start[..length]))
        {
            return PytorchFile.Open(path, stream);
        }
        // A header shorter than 4 GiB, which begins as JSON objects do.
        return length == start.Length && BinaryPrimitives.ReadUInt64LittleEndian(start) <= uint.MaxValue && start[8] == '{'
            ? SafeTensorsFile.Open(path, stream)
            : throw new PoseDataException(path, "this is neither a safetensors file nor a PyTorch checkpoint.");
    });

    internal WeightEntry Find(string name) =>
        _entries.TryGetValue(name, out var entry) ? entry : throw new PoseDataException(Path, $"there is no tensor '{name}' in this file.");

    private protected static FileStream OpenStream(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PoseDataException.Unreadable(path, "weight file", e);
        }
    }

    /// <summary>Runs what opens a file, and closes the stream if it fails.</summary>
    private protected static T Guarded<T>(string path, Stream stream, Func<WeightBytes, T> open)
        where T : WeightFile
    {
        try
        {
            return open(new WeightBytes(stream));
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is IOException or InvalidDataException or NotSupportedException) // the last of what is read only once, such as a pipe
            {
                throw new PoseDataException(path, $"the weight file cannot be read: {e.Message.TrimEnd('.')}.", e);
            }
            throw;
        }
    }

    private protected void Add(string name, WeightEntry entry)
    {
        if (!_entries.TryAdd(name, entry))
        {
            throw new PoseDataException(Path, $"tensor '{name}' appears twice.");
        }
    }
}
