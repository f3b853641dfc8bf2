namespace Mspn.Core;

/// <summary>
/// A 2×3 affine map of pixel coordinates: <c>x' = A·x + B·y + C</c>, <c>y' = D·x + E·y + F</c>. Everything that moves between image and
/// crop goes through this type. Pixel centres are at integers, the first at 0.
/// </summary>
public readonly record struct AffineTransform(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Maps a point.</summary>
    public (double X, double Y) Apply(double x, double y) => (A * x + B * y + C, D * x + E * y + F);

    /// <summary>The reverse map, in the order of operations of OpenCV's <c>warpAffine</c>.</summary>
    /// <remarks>A degenerate map gives zeros, as OpenCV's does.</remarks>
    public AffineTransform Inverse()
    {
        var determinant = A * E - B * D;
        determinant = determinant != 0 ? 1 / determinant : 0;
        var (a, e) = (E * determinant, A * determinant);
        var (b, d) = (-B * determinant, -D * determinant);
        return new AffineTransform(a, b, -a * C - b * F, d, e, -d * C - e * F);
    }

    /// <summary>
    /// The map from image to crop: <see cref="CropRegion"/>'s centre goes to the crop's centre (<c>W/2, H/2</c>), its width to the crop's
    /// width, and it is turned upright. Heights follow from the width: the region is expected to have the crop's aspect.
    /// </summary>
    /// <remarks>
    /// Like the official code's <c>get_affine_transform</c>, this solves for three pairs of points that are rounded to single precision
    /// first, and it solves as OpenCV does, so that results are the same to the last bit.
    /// </remarks>
    public static AffineTransform ToCrop(CropRegion region, ImageSize crop)
    {
        var radians = Math.PI * region.RotationDegrees / 180;
        var (sin, cos) = Math.SinCos(radians);
        var up = region.Width * -0.5;
        // A vector (0, up), turned.
        var (dx, dy) = (-up * sin, up * cos);
        var (sx0, sy0) = ((float)region.CenterX, (float)region.CenterY);
        var (sx1, sy1) = ((float)(region.CenterX + dx), (float)(region.CenterY + dy));
        var (tx0, ty0) = ((float)(crop.Width * 0.5), (float)(crop.Height * 0.5));
        var (tx1, ty1) = (tx0, (float)(crop.Height * 0.5 + (float)(crop.Width * -0.5)));
        var (sx2, sy2) = Third(sx0, sy0, sx1, sy1);
        var (tx2, ty2) = Third(tx0, ty0, tx1, ty1);
        return PointPairs.Solve([sx0, sy0, sx1, sy1, sx2, sy2], [tx0, ty0, tx1, ty1, tx2, ty2]);
    }

    // The corner that completes a right angle at the second point.
    private static (float X, float Y) Third(float ax, float ay, float bx, float by) => (bx + -(ay - by), by + (ax - bx));
}
