using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The bytes of a weight file, read at any place by any number of threads at once.</summary>
/// <remarks>
/// The file is read, not mapped into memory: it costs the same copy into the tensor's own memory, and a file that another program shortens
/// meanwhile ends in an exception, where access to its mapping would end the process.
/// </remarks>
internal sealed class WeightBytes(Stream stream) : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle? _file = (stream as FileStream)?.SafeFileHandle;
    private readonly Lock _turn = new();

    /// <summary>Bytes in all.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Overwrites the target by the bytes from a position on.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public void ReadExactly(long position, Span<byte> target)
    {
        while (target.Length > 0)
        {
            var count = Read(position, target);
            if (count == 0)
            {
                throw new EndOfStreamException("the file ends early");
            }
            position += count;
            target = target[count..];
        }
    }

    /// <summary>Overwrites a contiguous CPU tensor by the bytes from a position on, without a copy between.</summary>
    public void ReadExactly(long position, Tensor target)
    {
        TensorStreams.ForEachChunk(target, chunk =>
        {
            ReadExactly(position, chunk);
            position += chunk.Length;
        });
    }

    /// <summary>The bytes as a stream of their own, which begins at the first.</summary>
    public Stream AsStream() => new View(this);

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    private int Read(long position, Span<byte> target)
    {
        if (_file is not null)
        {
            return RandomAccess.Read(_file, target, position);
        }
        lock (_turn)
        {
            stream.Position = position;
            return stream.Read(target);
        }
    }

    private sealed class View(WeightBytes bytes) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var count = bytes.Read(Position, buffer);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin)
        {
            var position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => Length });
            return Position = position >= 0 ? position : throw new IOException("an attempt was made to move before the first byte");
        }

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
