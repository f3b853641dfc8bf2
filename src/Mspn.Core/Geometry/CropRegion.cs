namespace Mspn.Core;

/// <summary>The part of an image that becomes a crop: a centre, a size and a rotation.</summary>
/// <param name="CenterX">Column of the centre, pixels.</param>
/// <param name="CenterY">Row of the centre, pixels.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Height">Height, pixels.</param>
/// <param name="RotationDegrees">Turn of the region, degrees; positive turns it clockwise as seen on screen. Default 0.</param>
/// <remarks>The official code's <c>center</c> and <c>scale</c>, except that sizes are in pixels and not in units of 200 pixels.</remarks>
public readonly record struct CropRegion(double CenterX, double CenterY, double Width, double Height, double RotationDegrees = 0)
{
    /// <summary>The region of a person box.</summary>
    public static CropRegion OfBox(Box box) => new(box.X + box.Width / 2, box.Y + box.Height / 2, box.Width, box.Height);

    /// <summary>The region made wider and higher about its centre.</summary>
    public CropRegion Scaled(double x, double y) => this with { Width = Width * x, Height = Height * y };

    /// <summary>The region widened or heightened to an aspect ratio (width ÷ height), so that nothing of it is lost.</summary>
    public CropRegion FittedTo(double aspectRatio) => Width > aspectRatio * Height
        ? this with { Height = Width / aspectRatio }
        : this with { Width = Height * aspectRatio };

    /// <summary>Maps a point of an upright crop back to the image, as the official test code does.</summary>
    /// <param name="x">Column in the crop.</param>
    /// <param name="y">Row in the crop.</param>
    /// <param name="crop">Size of the crop.</param>
    public (double X, double Y) ToImage(double x, double y, ImageSize crop)
    {
        var (px, py) = (x / crop.Width * Width + CenterX - Width * 0.5, y / crop.Height * Height + CenterY - Height * 0.5);
        if (RotationDegrees == 0)
        {
            return (px, py);
        }
        return AffineTransform.ToCrop(this, crop).Inverse().Apply(x, y);
    }
}
