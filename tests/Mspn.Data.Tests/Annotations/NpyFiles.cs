using System.Buffers.Binary;
using System.Text;

namespace Mspn.Data.Tests.Annotations;

/// <summary>Bytes of NumPy files, as <c>numpy.save</c> writes them.</summary>
internal static class NpyFiles
{
    public static byte[] Of(string type, string shape, byte[] content, string order = "False", byte version = 1) =>
        WithHeader($"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}", content, version);

    public static byte[] WithHeader(string header, byte[] content, byte version = 1)
    {
        var lengthBytes = version == 1 ? 2 : 4;
        var text = header.PadRight(((10 + header.Length + 64) / 64 * 64) - 9 - lengthBytes) + "\n";
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length[..lengthBytes], .. Encoding.UTF8.GetBytes(text), .. content];
    }

    public static byte[] Doubles(string shape, params double[] values) => Of("<f8", shape, [.. values.SelectMany(BitConverter.GetBytes)]);
}
