using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class AffineGoldenTests
{
    // INDEX.json: 1e-9 where the single-precision rounding of the three points is reproduced, as it is here.
    private const double Tolerance = 1e-9;

    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "affine", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Crop_transforms_are_those_of_the_reference(string? file)
    {
        var number = 0;
        foreach (var golden in Goldens.Case(file).Json.EnumerateArray())
        {
            var region = GoldenGeometry.Region(
                golden.Numbers("center"), golden.Numbers("scale"), golden.Number("rot"), golden.Text("dtype") == "float32");

            var transform = AffineTransform.ToCrop(region, golden.Size("output_size_hw"));

            var point = golden.Numbers("pt");
            var (x, y) = transform.Apply(point[0], point[1]);
            double[] actual = [transform.A, transform.B, transform.C, transform.D, transform.E, transform.F, x, y];
            double[] expected = [.. golden.Rows("trans").SelectMany(r => r), .. golden.Numbers("pt_out")];
            for (var i = 0; i < expected.Length; i++)
            {
                actual[i].Should().BeApproximately(expected[i], Tolerance * (1 + Math.Abs(expected[i])), $"number {i} of case {number}");
            }
            number++;
        }
    }
}
