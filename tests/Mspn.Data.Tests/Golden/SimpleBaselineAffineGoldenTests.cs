using System.Globalization;
using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "simplebaseline")]
public partial class SimpleBaselineAffineGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("simplebaseline", "affine", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Crop_transforms_and_their_inverses_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        // The index says it in words.
        var tolerance = double.Parse(NumberPattern().Match(golden.Entry.Text("tolerance")).ValueSpan, CultureInfo.InvariantCulture);
        var number = 0;
        foreach (var item in golden.Json.EnumerateArray())
        {
            var single = item.Text("scale_dtype") == "float32";
            var region = GoldenGeometry.Region(item.Numbers("center"), item.Numbers("scale"), item.Number("rot"), single);
            // The reference can move the region by a fraction of its size.
            var shift = item.Numbers("shift");
            region = region with { CenterX = region.CenterX + region.Width * shift[0], CenterY = region.CenterY + region.Height * shift[1] };
            var size = item.Numbers("output_size_wh");

            var transform = AffineTransform.ToCrop(region, new ImageSize((int)size[1], (int)size[0]));

            var inverse = transform.Inverse();
            var point = item.Numbers("pt");
            var (x, y) = transform.Apply(point[0], point[1]);
            double[] actual = [.. Numbers(transform), .. Numbers(inverse), x, y];
            double[] expected = [.. item.Rows("trans").SelectMany(r => r), .. item.Rows("trans_inv").SelectMany(r => r), .. item.Numbers("pt_out")];
            actual.Should().HaveSameCount(expected);
            for (var i = 0; i < expected.Length; i++)
            {
                actual[i].Should().BeApproximately(expected[i], tolerance * (1 + Math.Abs(expected[i])), $"number {i} of case {number}");
            }
            number++;
        }
    }

    private static double[] Numbers(AffineTransform t) => [t.A, t.B, t.C, t.D, t.E, t.F];

    [GeneratedRegex(@"^[\d.eE+-]+")]
    private static partial Regex NumberPattern();
}
