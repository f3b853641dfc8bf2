using System.Buffers.Binary;
using System.Text;

namespace Mspn.Core;

/// <summary>
/// Writes zip archives as PyTorch does: without compression, data at multiples of 64 bytes so that they can be mapped into memory. All sizes are
/// written as 64 bits (zip64), and the check sums behind the data, so that nothing has to be known or changed twice.
/// </summary>
internal sealed class StoredZipWriter(Stream stream)
{
    private const int Alignment = 64;
    private const int LocalHeader = 30;
    private const int LocalSizes = 20;
    private const ushort Zip64 = 0x0001;
    private const ushort Padding = 0x4246; // PyTorch's "FB"
    private const ushort Version = 45;
    private const ushort SizesBehindAndUtf8 = 0x0808;
    private const ushort FirstOf1980 = 0x0021;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    private readonly List<(byte[] Name, long Offset, long Length, uint Crc)> _entries = [];

    // The stream's own position would empty its buffer.
    private long _position;

    /// <summary>Writes one entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="write">Hands the bytes to the action it is given, in any number of pieces.</param>
    public void Add(string name, long length, Action<Action<Span<byte>>> write)
    {
        var (bytes, offset) = (Encoding.UTF8.GetBytes(name), _position);
        var padding = (int)(Alignment - (offset + LocalHeader + bytes.Length + LocalSizes + 4) % Alignment) % Alignment;
        Write32(0x04034b50);
        Write16(Version, SizesBehindAndUtf8, 0, 0, FirstOf1980);
        Write32(0, uint.MaxValue, uint.MaxValue);
        Write16((ushort)bytes.Length, (ushort)(LocalSizes + 4 + padding));
        Write(bytes);
        Write16(Zip64, 16);
        Write64(length, length);
        Write16(Padding, (ushort)padding);
        Write(new byte[padding]);
        var (start, crc) = (_position, uint.MaxValue);
        write(piece =>
        {
            foreach (var value in piece)
            {
                crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
            }
            Write(piece);
        });
        if (_position - start != length)
        {
            throw new InvalidOperationException($"'{name}' has {_position - start} bytes instead of {length}.");
        }
        Write32(0x08074b50, ~crc);
        Write64(length, length);
        _entries.Add((bytes, offset, length, ~crc));
    }

    /// <summary>Writes the table of contents.</summary>
    public void Finish()
    {
        var start = _position;
        foreach (var (name, offset, length, crc) in _entries)
        {
            Write32(0x02014b50);
            Write16(Version, Version, SizesBehindAndUtf8, 0, 0, FirstOf1980);
            Write32(crc, uint.MaxValue, uint.MaxValue);
            Write16((ushort)name.Length, 28, 0, 0, 0);
            Write32(0, uint.MaxValue);
            Write(name);
            Write16(Zip64, 24);
            Write64(length, length, offset);
        }
        var end = _position;
        Write32(0x06064b50);
        Write64(44);
        Write16(Version, Version);
        Write32(0, 0);
        Write64(_entries.Count, _entries.Count, end - start, start);
        Write32(0x07064b50, 0);
        Write64(end);
        Write32(1);
        Write32(0x06054b50);
        Write16(0, 0, ushort.MaxValue, ushort.MaxValue);
        Write32(uint.MaxValue, uint.MaxValue);
        Write16(0);
    }

    private static uint CrcOfByte(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
        }
        return crc;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }

    private void Write16(params ReadOnlySpan<ushort> values)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            Write(bytes);
        }
    }

    private void Write32(params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            Write(bytes);
        }
    }

    private void Write64(params ReadOnlySpan<long> values)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            Write(bytes);
        }
    }
}
