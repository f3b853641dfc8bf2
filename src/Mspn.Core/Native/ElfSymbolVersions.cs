using System.Buffers.Binary;
using System.Text;

namespace Mspn.Core;

/// <summary>Reads and relaxes the symbol versions that an ELF64 little-endian library demands of other libraries.</summary>
internal static class ElfSymbolVersions
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe;
    private const ushort FlagWeak = 0x2;

    /// <summary>Marks every demand for <paramref name="version"/> as weak, so that the loader only warns when it is missing.</summary>
    /// <returns>How many demands were changed; 0 if this is no such file or it does not ask for that version.</returns>
    public static int MakeWeak(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }))
        {
            return 0;
        }
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        var sectionSize = U16(elf, 0x3a);
        var sectionCount = U16(elf, 0x3c);
        var changed = 0;
        for (var s = 0; s < sectionCount; s++)
        {
            var header = sections + s * sectionSize;
            if (U32(elf, header + 4) == SectionTypeVersionNeeds)
            {
                var strings = sections + (int)U32(elf, header + 0x28) * sectionSize;
                changed += MakeWeakIn(elf, Offset(elf, header), Offset(elf, strings), version);
            }
        }
        return changed;
    }

    // A chain of libraries (Elf64_Verneed), each with a chain of versions wanted from it (Elf64_Vernaux).
    private static int MakeWeakIn(Span<byte> elf, int need, int strings, string version)
    {
        var changed = 0;
        while (true)
        {
            var aux = need + (int)U32(elf, need + 8);
            for (var n = U16(elf, need + 2); n > 0; n--)
            {
                var name = elf[(strings + (int)U32(elf, aux + 8))..];
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version)
                {
                    var flags = (ushort)(U16(elf, aux + 4) | FlagWeak);
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(aux + 4)..], flags);
                    changed++;
                }
                aux += (int)U32(elf, aux + 12);
            }
            var next = (int)U32(elf, need + 12);
            if (next == 0)
            {
                return changed;
            }
            need += next;
        }
    }

    private static int Offset(ReadOnlySpan<byte> elf, int section) =>
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[(section + 0x18)..]));

    private static ushort U16(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint U32(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);
}
