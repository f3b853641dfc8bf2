using System.Globalization;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class GaussianKernelGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "gaussian_kernels", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Kernels_are_those_of_OpenCV(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.Number("tolerance");
        foreach (var kernel in golden.Json.EnumerateObject())
        {
            var weights = GaussianKernel.OfSize(int.Parse(kernel.Name, CultureInfo.InvariantCulture));

            foreach (var precision in kernel.Value.EnumerateObject())
            {
                Differences.Largest(weights, precision.Value.Numbers()).Should().BeLessThanOrEqualTo(tolerance, $"{kernel.Name}, {precision.Name}");
            }
        }
    }
}
