using System.Numerics;

namespace Mspn.Data;

/// <summary>
/// A convex outline in image coordinates (pixel edges at integers, as the canvas has them). Everything that can hide a keypoint is
/// drawn from these, so that annotations can be worked out without drawing.
/// </summary>
internal sealed class ConvexPolygon
{
    private const int DiscCorners = 14;

    private static readonly Vector2[] UnitDisc =
    [
        .. Enumerable.Range(0, DiscCorners).Select(i => MathF.SinCos(i * MathF.Tau / DiscCorners)).Select(p => new Vector2(p.Cos, p.Sin)),
    ];

    private ConvexPolygon(Vector2[] corners)
    {
        Corners = corners;
        Min = Max = corners[0];
        foreach (var corner in corners)
        {
            Min = Vector2.Min(Min, corner);
            Max = Vector2.Max(Max, corner);
        }
    }

    public Vector2[] Corners { get; }

    public Vector2 Min { get; }

    public Vector2 Max { get; }

    /// <summary>The smallest convex outline around some points, at least one (Andrew's monotone chain).</summary>
    public static ConvexPolygon Around(ReadOnlySpan<Vector2> points)
    {
        var sorted = points.ToArray();
        Array.Sort(sorted, static (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : a.Y.CompareTo(b.Y));
        var chain = new Vector2[2 * sorted.Length];
        var length = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            var start = length;
            foreach (var point in sorted)
            {
                while (length - start >= 2 && Cross(chain[length - 2], chain[length - 1], point) <= 0)
                {
                    length--;
                }
                chain[length++] = point;
            }
            length--; // The last point of one chain is the first of the other.
            Array.Reverse(sorted);
        }
        return new ConvexPolygon(length < 1 ? [sorted[0]] : chain[..length]);
    }

    /// <summary>Two discs and all between them: a limb.</summary>
    public static ConvexPolygon Capsule(Vector2 from, float fromRadius, Vector2 to, float toRadius)
    {
        Span<Vector2> points = stackalloc Vector2[2 * DiscCorners];
        for (var i = 0; i < DiscCorners; i++)
        {
            points[i] = from + fromRadius * UnitDisc[i];
            points[DiscCorners + i] = to + toRadius * UnitDisc[i];
        }
        return Around(points);
    }

    public static ConvexPolygon Disc(Vector2 centre, float radius) => Ellipse(centre, new Vector2(radius), 0);

    /// <param name="centre">The centre.</param>
    /// <param name="radii">Half axes.</param>
    /// <param name="angle">Turn, radians.</param>
    public static ConvexPolygon Ellipse(Vector2 centre, Vector2 radii, float angle)
    {
        var turn = Matrix3x2.CreateRotation(angle);
        return new ConvexPolygon([.. UnitDisc.Select(p => centre + Vector2.Transform(p * radii, turn))]);
    }

    /// <inheritdoc cref="Ellipse" />
    public static ConvexPolygon Rectangle(Vector2 centre, Vector2 radii, float angle)
    {
        var turn = Matrix3x2.CreateRotation(angle);
        Vector2 Corner(float x, float y) => centre + Vector2.Transform(new Vector2(x, y) * radii, turn);
        return new ConvexPolygon([Corner(-1, -1), Corner(1, -1), Corner(1, 1), Corner(-1, 1)]);
    }

    public bool Contains(Vector2 point)
    {
        if (point.X < Min.X || point.Y < Min.Y || point.X > Max.X || point.Y > Max.Y)
        {
            return false;
        }
        // All corners are in counter-clockwise order in (x, y), so an inside point lies on the same side of every edge.
        var previous = Corners[^1];
        foreach (var corner in Corners)
        {
            if (Cross(previous, corner, point) < 0)
            {
                return false;
            }
            previous = corner;
        }
        return Corners.Length > 2;
    }

    private static float Cross(Vector2 origin, Vector2 a, Vector2 b) =>
        (a.X - origin.X) * (b.Y - origin.Y) - (a.Y - origin.Y) * (b.X - origin.X);
}
