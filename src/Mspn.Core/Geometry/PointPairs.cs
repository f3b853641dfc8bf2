namespace Mspn.Core;

/// <summary>The affine map that takes three points to three others, in the order of operations of OpenCV's <c>getAffineTransform</c>.</summary>
internal static class PointPairs
{
    private const int Unknowns = 6;

    // OpenCV's limit for a pivot.
    private const double Least = 100 * 2.220446049250313e-16;

    /// <summary>Solves for the map.</summary>
    /// <param name="from">Three points: x, y, x, y, x, y.</param>
    /// <param name="to">Where they go.</param>
    /// <returns>The map, or zeros if the points lie on a line.</returns>
    public static AffineTransform Solve(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        Span<double> matrix = stackalloc double[Unknowns * Unknowns];
        Span<double> values = stackalloc double[Unknowns];
        matrix.Clear();
        for (var i = 0; i < 3; i++)
        {
            var x = matrix[(2 * Unknowns * i)..];
            var y = x[Unknowns..];
            x[0] = y[3] = from[2 * i];
            x[1] = y[4] = from[2 * i + 1];
            x[2] = y[5] = 1;
            values[2 * i] = to[2 * i];
            values[2 * i + 1] = to[2 * i + 1];
        }
        return Eliminate(matrix, values)
            ? new AffineTransform(values[0], values[1], values[2], values[3], values[4], values[5])
            : default;
    }

    // Gauss with the largest pivot of a column, the first of equals.
    private static bool Eliminate(Span<double> matrix, Span<double> values)
    {
        for (var i = 0; i < Unknowns; i++)
        {
            var pivot = i;
            for (var j = i + 1; j < Unknowns; j++)
            {
                if (Math.Abs(matrix[j * Unknowns + i]) > Math.Abs(matrix[pivot * Unknowns + i]))
                {
                    pivot = j;
                }
            }
            if (!(Math.Abs(matrix[pivot * Unknowns + i]) >= Least))
            {
                return false;
            }
            for (var k = i; k < Unknowns && pivot != i; k++)
            {
                (matrix[i * Unknowns + k], matrix[pivot * Unknowns + k]) = (matrix[pivot * Unknowns + k], matrix[i * Unknowns + k]);
            }
            (values[i], values[pivot]) = (values[pivot], values[i]);
            var divisor = -1 / matrix[i * Unknowns + i];
            for (var j = i + 1; j < Unknowns; j++)
            {
                var factor = matrix[j * Unknowns + i] * divisor;
                for (var k = i + 1; k < Unknowns; k++)
                {
                    matrix[j * Unknowns + k] += factor * matrix[i * Unknowns + k];
                }
                values[j] += factor * values[i];
            }
        }
        for (var i = Unknowns - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < Unknowns; k++)
            {
                values[i] -= matrix[i * Unknowns + k] * values[k];
            }
            values[i] /= matrix[i * Unknowns + i];
        }
        return true;
    }
}
