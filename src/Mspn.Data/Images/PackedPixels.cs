using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mspn.Data;

/// <summary>Rows of pixels between Skia's four bytes a pixel and three.</summary>
internal static class PackedPixels
{
    private const int Vector = 16;
    private const int PixelsPerVector = 4;

    /// <summary>Drops the fourth byte of every pixel.</summary>
    public static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var pixels = rgba.Length / 4;
        // Bounds for what follows: the vectors read and write without checks.
        rgb = rgb[..(3 * pixels)];
        var done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
            ref var source = ref MemoryMarshal.GetReference(rgba);
            ref var target = ref MemoryMarshal.GetReference(rgb);
            // A vector writes 16 bytes, of which 12 are right; the next one writes over the others.
            for (; 3 * done + Vector <= rgb.Length; done += PixelsPerVector)
            {
                var four = Vector128.LoadUnsafe(ref source, (nuint)(4 * done));
                Vector128.Shuffle(four, order).StoreUnsafe(ref target, (nuint)(3 * done));
            }
        }
        for (; done < pixels; done++)
        {
            rgba.Slice(4 * done, 3).CopyTo(rgb[(3 * done)..]);
        }
    }
}
