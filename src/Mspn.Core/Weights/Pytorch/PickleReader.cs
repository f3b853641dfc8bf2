using System.Buffers.Binary;
using System.Text;

namespace Mspn.Core;

/// <summary>
/// The bytes of a pickle, from a stream that nobody has to trust: no read goes beyond its length, and memory is taken only for bytes that have
/// arrived.
/// </summary>
/// <param name="stream">The stream, at the first byte. It is read ahead; <see cref="Position"/> tells what was used.</param>
/// <param name="length">Bytes of the stream from there.</param>
internal sealed class PickleReader(Stream stream, long length)
{
    private const int LongestLine = 1024;
    private const int FirstPiece = 1 << 20;

    private readonly byte[] _buffer = new byte[1 << 16];
    private long _read;
    private int _next;
    private int _filled;

    /// <summary>Bytes used so far.</summary>
    public long Position => _read - _filled + _next;

    private long Remaining => length - Position;

    public byte Byte()
    {
        if (_next == _filled)
        {
            Fill();
        }
        return _buffer[_next++];
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Fixed(stackalloc byte[2]));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Fixed(stackalloc byte[4]));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Fixed(stackalloc byte[4]));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Fixed(stackalloc byte[8]));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Fixed(stackalloc byte[8]));

    /// <summary>The next bytes.</summary>
    /// <exception cref="InvalidDataException">There are not as many.</exception>
    public byte[] Bytes(ulong count)
    {
        if (count > (ulong)Math.Min(Remaining, Array.MaxLength))
        {
            throw new InvalidDataException($"{count} bytes are announced where {Remaining} are left");
        }
        // A compressed stream may end before its length.
        var result = new byte[Math.Min((int)count, FirstPiece)];
        for (var done = 0; ;)
        {
            Fixed(result.AsSpan(done));
            if (result.Length == (int)count)
            {
                return result;
            }
            done = result.Length;
            Array.Resize(ref result, (int)Math.Min((long)count, 2L * done));
        }
    }

    /// <summary>Text in UTF-8. What is none becomes replacement characters.</summary>
    public string Text(ulong count) => Encoding.UTF8.GetString(Bytes(count));

    /// <summary>Text up to a line feed, which is used up and not part of it.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            if (line.Length == LongestLine)
            {
                throw new InvalidDataException($"a line is longer than {LongestLine} characters");
            }
            line.Append((char)next);
        }
        return line.ToString();
    }

    private Span<byte> Fixed(Span<byte> target)
    {
        for (var done = 0; done < target.Length;)
        {
            if (_next == _filled)
            {
                Fill();
            }
            var piece = Math.Min(target.Length - done, _filled - _next);
            _buffer.AsSpan(_next, piece).CopyTo(target[done..]);
            done += piece;
            _next += piece;
        }
        return target;
    }

    private void Fill()
    {
        _filled = stream.Read(_buffer, 0, (int)Math.Min(_buffer.Length, length - _read));
        _next = 0;
        _read += _filled;
        if (_filled == 0)
        {
            throw new InvalidDataException($"it ends after {_read} bytes, in the middle");
        }
    }
}
