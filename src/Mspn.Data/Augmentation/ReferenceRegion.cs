using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// A crop region on its way through the official code's arithmetic: centre and scale are kept in single precision and rounded after every step,
/// the scale in units of 200 pixels. A step that the reference does number by number is done in double precision and rounded then.
/// </summary>
internal readonly record struct ReferenceRegion(float CenterX, float CenterY, float ScaleX, float ScaleY)
{
    private const float PixelsPerScale = 200;

    public float Width => ScaleX * PixelsPerScale;

    public float Height => ScaleY * PixelsPerScale;

    public static ReferenceRegion OfBox(Box box) => new(
        (float)(box.X + box.Width / 2), (float)(box.Y + box.Height / 2), (float)(box.Width / PixelsPerScale), (float)(box.Height / PixelsPerScale));

    /// <summary>The region about a centre, widened or heightened to an aspect ratio before its sides, in pixels, are rounded.</summary>
    public static ReferenceRegion Around(float centerX, float centerY, double width, double height, double aspectRatio)
    {
        var (fittedWidth, fittedHeight) = width > aspectRatio * height ? (width, width / aspectRatio) : (height * aspectRatio, height);
        return new ReferenceRegion(centerX, centerY, (float)(fittedWidth / PixelsPerScale), (float)(fittedHeight / PixelsPerScale));
    }

    public ReferenceRegion Scaled(double x, double y) => this with { ScaleX = (float)(ScaleX * x), ScaleY = (float)(ScaleY * y) };

    /// <summary>Both sides multiplied at once, which the reference does in single precision.</summary>
    public ReferenceRegion Scaled(double factor) => this with { ScaleX = ScaleX * (float)factor, ScaleY = ScaleY * (float)factor };

    public ReferenceRegion FittedTo(double aspectRatio) => ScaleX > aspectRatio * ScaleY
        ? this with { ScaleY = (float)(ScaleX / aspectRatio) }
        : this with { ScaleX = (float)(ScaleY * aspectRatio) };

    /// <summary>Moved by fractions of the sides.</summary>
    public ReferenceRegion Shifted(double x, double y) => this with { CenterX = (float)(CenterX + Width * x), CenterY = (float)(CenterY + Height * y) };

    public ReferenceRegion Mirrored(int imageWidth) => this with { CenterX = (float)((double)imageWidth - CenterX - 1) };

    public CropRegion ToRegion(double rotationDegrees = 0) => new(CenterX, CenterY, Width, Height, rotationDegrees);
}
