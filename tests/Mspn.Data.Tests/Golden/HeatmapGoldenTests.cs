using System.Globalization;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class HeatmapGoldenTests
{
    private const int WidestSought = 101;

    // INDEX.json: 2e-4 absolute, for a peak of 255.
    private const double Tolerance = 2e-4;

    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "heatmaps_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Target_maps_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var config = golden.Entry.GetProperty("config");
        var (crop, map) = (config.Size("INPUT_SHAPE"), config.Size("OUTPUT_SHAPE"));
        var tensors = golden.Tensors;
        var kernels = Enumerable.Range(1, WidestSought).Reverse().Where(k => k % 2 == 1 && tensors.Contains(NameOf(k))).ToArray();
        kernels.Should().NotBeEmpty();
        var points = tensors.Doubles("joints").Chunk(2).ToArray();
        var keypoints = GoldenGeometry.Keypoints(points, tensors.Doubles("valid"));
        var maps = new float[kernels.Length * keypoints.Length * map.Height * map.Width];

        new CoarseToFineHeatmapTarget(kernels).Encode(keypoints, crop, map, maps);

        var perKernel = maps.Length / kernels.Length;
        for (var l = 0; l < kernels.Length; l++)
        {
            Differences.Largest(maps[(l * perKernel)..((l + 1) * perKernel)], tensors.Doubles(NameOf(kernels[l])), NameOf(kernels[l]))
                .Should().BeLessThanOrEqualTo(Tolerance, NameOf(kernels[l]));
        }
    }

    private static string NameOf(int kernel) => "kernel" + kernel.ToString(CultureInfo.InvariantCulture);
}
