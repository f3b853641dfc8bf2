using System.Numerics;

namespace Mspn.Data;

/// <summary>Where a figure stands in the picture: turned in the image plane, scaled and moved.</summary>
/// <param name="Scale">Pixels per stature.</param>
/// <param name="Angle">Turn in the image plane, radians, clockwise as seen.</param>
/// <param name="Origin">Where the pelvis lies, in canvas coordinates.</param>
internal readonly record struct FigureView(float Scale, float Angle, Vector2 Origin)
{
    /// <summary>The canvas position of a point in the camera's axes.</summary>
    public Vector2 Map(Vector3 point)
    {
        var (sin, cos) = MathF.SinCos(Angle);
        var (x, y) = (point.X * Scale, -point.Y * Scale);
        return Origin + new Vector2(x * cos - y * sin, x * sin + y * cos);
    }
}
