namespace Mspn.Data;

/// <summary>What an image is written as.</summary>
public enum ImageFileFormat
{
    /// <summary>Lossless.</summary>
    Png,

    /// <summary>Smaller, not quite the same; the codec says how much of either (<see cref="SkiaImageCodec.JpegQuality"/>).</summary>
    Jpeg,
}
