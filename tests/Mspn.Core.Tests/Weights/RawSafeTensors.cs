using System.Text;

namespace Mspn.Core.Tests.Weights;

/// <summary>Files put together byte by byte.</summary>
internal static class RawSafeTensors
{
    public static void Write(string path, string header, int dataBytes, ulong? claimedHeader = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(claimedHeader ?? (ulong)json.Length), .. json, .. new byte[dataBytes]]);
    }
}
