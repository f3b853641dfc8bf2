using System.Globalization;

namespace Mspn.Core;

/// <summary>An axis-aligned box around a person, as COCO writes it.</summary>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Top edge, pixels.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Height">Height, pixels.</param>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>Whether the numbers are finite and the box has an area.</summary>
    public bool IsValid =>
        double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Width) && double.IsFinite(Height) && Width > 0 && Height > 0;

    /// <summary>Whether any part of the box lies inside an image of the given size.</summary>
    public bool Overlaps(ImageSize image) => X < image.Width && Y < image.Height && X + Width > 0 && Y + Height > 0;

    /// <summary>The area that two boxes share, divided by the area that they cover together; 0 if neither has any.</summary>
    public double IntersectionOverUnion(Box other)
    {
        var width = Math.Max(0, Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X));
        var height = Math.Max(0, Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y));
        var shared = width * height;
        var covered = Width * Height + other.Width * other.Height - shared;
        return covered > 0 ? shared / covered : 0;
    }

    /// <summary>For example <c>[40.5, 20, 120, 260]</c>: left, top, width and height, as COCO writes them, in any culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{X}, {Y}, {Width}, {Height}]");

    /// <summary>The box of a whole image.</summary>
    public static Box Whole(ImageSize image) => new(0, 0, image.Width, image.Height);
}
