namespace Mspn.Testing;

/// <summary>JPEG files that say how the camera was held.</summary>
public static class ExifJpeg
{
    /// <summary>Puts EXIF data in front of everything else.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="orientation">From 1 to 8, or anything that EXIF does not know.</param>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] content =
        [
            .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(content.Length + 2), .. content, .. jpeg[2..]];
    }
}
