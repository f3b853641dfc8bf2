using System.Runtime.CompilerServices;
using System.Text.Json;
using Mspn.Core;
using Mspn.Data.Tests.Golden;

namespace Mspn.Data.Tests.Augmentation;

/// <summary>Crops against those of mmpose; <c>MmposeCrops.json</c> says in its first line how its numbers were made.</summary>
public class MmposeCropAugmentationTests
{
    // Where mmpose turns the region's corner in single precision, ours is turned in double precision.
    private const double PositionTolerance = 2e-4;
    private const int LargestPixelDifference = 9;
    private const double MostPixelsThatDiffer = 0.01;

    private static readonly JsonElement Reference = Goldens.ReadJson(Beside("MmposeCrops.json"));

    public static IEnumerable<object[]> Cases => Enumerable.Range(0, Reference.GetProperty("cases").GetArrayLength()).Select(i => new object[] { i });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Regions_are_those_of_mmpose_with_its_random_numbers(int number)
    {
        var item = Reference.GetProperty("cases")[number];
        var random = Script(item);

        var plan = CropAugmentation.Mmpose.Plan(Person(item), Photo, KeypointSchemas.Coco17, Reference.Size("input"), random);

        var (center, scale) = (item.Numbers("center"), item.Numbers("scale"));
        plan.Region.Should().Be(new CropRegion(center[0], center[1], scale[0], scale[1], item.Number("rotation")));
        plan.Mirrored.Should().Be(item.GetProperty("flip").GetBoolean());
        random.Uniforms.Should().Be(item.GetProperty("used").Int("uniform"));
        random.Gaussians.Should().Be(item.GetProperty("used").Int("truncated"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Keypoints_and_their_weights_are_those_of_mmpose(int number)
    {
        var item = Reference.GetProperty("cases")[number];
        var (size, maps) = (Reference.Size("input"), Reference.Size("maps"));
        var target = new CoarseToFineHeatmapTarget([11, 9, 7, 5]) { Convention = HeatmapConvention.Mmpose };
        var encoder = new CropEncoder(KeypointSchemas.Coco17, size, maps, PoseInput.Mmpose, target, CropAugmentation.Mmpose);
        var visibility = new float[encoder.Schema.Count];
        var targets = new float[encoder.TargetLength];

        var keypoints = encoder.Encode(
            Person(item), new RgbImage(Photo.Height, Photo.Width), Script(item), new float[encoder.ImageLength], targets, visibility);

        var expected = item.Rows("transformed");
        for (var k = 0; k < keypoints.Length; k++)
        {
            if (item.Numbers("visible")[k] > 0)
            {
                keypoints[k].X.Should().BeApproximately(expected[k][0], PositionTolerance);
                keypoints[k].Y.Should().BeApproximately(expected[k][1], PositionTolerance);
            }
        }
        visibility.Select(v => v > 0 ? 1.0 : 0).Should().Equal(item.Numbers("weights"));
        targets.Chunk(maps.Height * maps.Width).Select(m => m.Max() > 0 ? 1.0 : 0)
            .Should().Equal(target.Kernels.SelectMany(_ => item.Numbers("weights")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Crops_are_those_of_mmpose_but_for_a_few_pixels(int number)
    {
        var item = Reference.GetProperty("cases")[number];
        var size = Reference.Size("input");
        var plan = CropAugmentation.Mmpose.Plan(Person(item), Photo, KeypointSchemas.Coco17, size, Script(item));
        var crop = new byte[3 * size.Height * size.Width];

        FixedPointWarp.Warp(GoldenImages.Smooth(Photo.Width, Photo.Height), AffineTransform.ToCrop(plan.Region, size), size, crop, plan.Mirrored);

        var stride = Reference.Int("image_stride");
        var differences = crop.Where((_, i) => i % stride == 0).Zip(item.Numbers("image"), (a, b) => Math.Abs(a - b)).ToArray();
        differences.Should().HaveCount(item.Numbers("image").Length);
        differences.Max().Should().BeLessThanOrEqualTo(LargestPixelDifference);
        ((double)differences.Count(d => d > 0) / differences.Length).Should().BeLessThanOrEqualTo(MostPixelsThatDiffer);
    }

    [Fact]
    public void Draws_stay_within_their_limits_and_reach_them()
    {
        var plans = Enumerable.Range(0, 2000).Select(i => CropAugmentation.Mmpose.Plan(
            People.Typical, new ImageSize(80, 100), People.Schema, new ImageSize(64, 48), new SampleRandom(i))).ToArray();

        // The 30x40 box, 1.25 times as large, has the crop's aspect.
        plans.Should().OnlyContain(p => p.Region.Width >= 37.5 * 0.499 && p.Region.Width <= 37.5 * 1.501);
        plans.Min(p => p.Region.Width).Should().BeLessThan(37.5 * 0.52);
        plans.Max(p => p.Region.Width).Should().BeGreaterThan(37.5 * 1.48);
        plans.Max(p => Math.Abs(p.Region.RotationDegrees)).Should().BeInRange(75, 80);
        plans.Count(p => p.Mirrored).Should().BeInRange(900, 1100);
        plans.Count(p => p.Region.RotationDegrees != 0).Should().BeInRange(1100, 1300);
        plans.Count(p => p.Region.CenterY != 30).Should().BeInRange(500, 700);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        foreach (var invalid in new MmposeCropAugmentation[]
        {
            new() { FlipProbability = 1.1 }, new() { ShiftProbability = double.NaN }, new() { BoxScale = 0 }, new() { ScaleHigh = 0.4 },
            new() { ShiftFraction = -1 }, new() { UpperBodyKeypoints = 0 }, new() { LowerBodyKeypoints = 0 }, new() { RotationDegrees = double.NaN },
            new() { ScaleHigh = double.PositiveInfinity },
        })
        {
            invalid.Invoking(i => i.Validated()).Should().Throw<ArgumentException>();
        }
    }

    private static ImageSize Photo => new(Reference.Int("height"), Reference.Int("width"));

    private static ScriptedRandom Script(JsonElement item) => new(item.Numbers("uniform"), item.Numbers("truncated"), [], []);

    private static PoseSample Person(JsonElement item)
    {
        var box = item.Numbers("box");
        var keypoints = item.Rows("keypoints");
        return People.Person(new Box(box[0], box[1], box[2], box[3]), GoldenGeometry.Keypoints(keypoints, [.. keypoints.Select(k => k[2])]));
    }

    private static string Beside(string file, [CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, file);
}
