using System.Numerics;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>What a drawn part is of; a keypoint is not hidden by the parts that it lies on.</summary>
[Flags]
internal enum Segment
{
    Other = 0,
    Head = 1,
    Torso = 2,
    Skirt = 4,
    LeftUpperArm = 8,
    RightUpperArm = 16,
    LeftForearm = 32,
    RightForearm = 64,
    LeftThigh = 128,
    RightThigh = 256,
    LeftShin = 512,
    RightShin = 1024,
}

/// <summary>A convex surface: what it covers, of what it is, and the line along which its pattern and shading run.</summary>
internal sealed record PartShape(ConvexPolygon Outline, Material Material, Vector2 From, Vector2 To, float Radius);

/// <summary>Something drawn on top of a part's surfaces that hides nothing new, such as an eye.</summary>
internal sealed record PartDetail(Vector2[] Corners, SKColor Colour);

/// <summary>Some surfaces that are drawn together, at one depth.</summary>
internal sealed record BodyPart
{
    public required Segment Segment { get; init; }

    /// <summary>Larger is nearer to the camera; units of stature.</summary>
    public required float Depth { get; init; }

    public required IReadOnlyList<PartShape> Shapes { get; init; }

    public IReadOnlyList<PartDetail> Details { get; init; } = [];

    public bool Covers(Vector2 point)
    {
        foreach (var shape in Shapes)
        {
            if (shape.Outline.Contains(point))
            {
                return true;
            }
        }
        return false;
    }
}
