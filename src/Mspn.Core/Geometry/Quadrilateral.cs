namespace Mspn.Core;

/// <summary>Four corners in a row around a convex area, clockwise or the other way: what a box becomes when it is turned.</summary>
/// <param name="A">First corner, pixels.</param>
/// <param name="B">Second corner.</param>
/// <param name="C">Third corner.</param>
/// <param name="D">Fourth corner.</param>
public readonly record struct Quadrilateral((double X, double Y) A, (double X, double Y) B, (double X, double Y) C, (double X, double Y) D)
{
    /// <summary>The corners of a box after a transformation.</summary>
    public static Quadrilateral OfBox(Box box, AffineTransform transform) => new(
        transform.Apply(box.X, box.Y), transform.Apply(box.X + box.Width, box.Y), transform.Apply(box.X + box.Width, box.Y + box.Height),
        transform.Apply(box.X, box.Y + box.Height));

    /// <summary>Whether a point lies inside or on the edge.</summary>
    public bool Contains(double x, double y)
    {
        var (a, b, c, d) = (Side(A, B, x, y), Side(B, C, x, y), Side(C, D, x, y), Side(D, A, x, y));
        return (a >= 0 && b >= 0 && c >= 0 && d >= 0) || (a <= 0 && b <= 0 && c <= 0 && d <= 0);
    }

    // Positive on one side of the line from p to q, negative on the other.
    private static double Side((double X, double Y) p, (double X, double Y) q, double x, double y) =>
        (q.X - p.X) * (y - p.Y) - (q.Y - p.Y) * (x - p.X);
}
