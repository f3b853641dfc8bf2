using Mspn.Core;

namespace Mspn.Data;

/// <summary>Turns image files into pixels and back. Implementations must be safe to call from several threads.</summary>
public interface IImageCodec
{
    /// <summary>Decodes a file's content to upright 8-bit RGB. Transparency is dropped, as OpenCV's colour reading does.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <exception cref="PoseDataException">Not an image that this codec reads, or a damaged one.</exception>
    RgbImage Decode(ReadOnlySpan<byte> bytes, string name);

    /// <summary>Encodes an image.</summary>
    byte[] Encode(RgbImage image, ImageFileFormat format);
}
