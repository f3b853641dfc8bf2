using Mspn.Core;
using Mspn.Data.Tests.Augmentation;
using Mspn.Data.Tests.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data.Tests.Targets;

public class PartAffinityTargetTests
{
    private static readonly KeypointSchema Pole = new() { Name = "pole", Keypoints = ["top", "bottom"], Skeleton = [(0, 1)] };

    private static readonly LimbLayout Layout = LimbLayout.FromSkeleton(Pole);

    private static readonly ImageSize Map = new(8, 7);

    [Fact]
    public void One_vertical_limb_is_as_worked_out_by_hand()
    {
        var drawn = Draw([Person((3, 1), (3, 5))]);

        drawn.Visibility.Should().Equal(2, 2);
        // Gaussians of standard deviation 1: e^(−1/2) beside the peak, e^(−1) across the corner.
        At(drawn.Heatmaps, 0, 3, 1).Should().Be(1);
        At(drawn.Heatmaps, 0, 4, 1).Should().BeApproximately(0.60653f, 1e-5f);
        At(drawn.Heatmaps, 0, 2, 2).Should().BeApproximately(0.36788f, 1e-5f);
        At(drawn.Heatmaps, 1, 3, 5).Should().Be(1);
        At(drawn.Heatmaps, 1, 6, 7).Should().Be(0, "it is farther than three standard deviations away");
        // The field is downwards in the three columns around the limb and up to a cell beyond its ends.
        for (var y = 0; y < Map.Height; y++)
        {
            for (var x = 0; x < Map.Width; x++)
            {
                At(drawn.Fields, 0, x, y).Should().Be(0);
                At(drawn.Fields, 1, x, y).Should().Be(x is >= 2 and <= 4 && y <= 6 ? 1 : 0, $"of ({x}, {y})");
            }
        }
        At(drawn.Background, 0, 3, 1).Should().Be(0);
        At(drawn.Background, 0, 4, 1).Should().BeApproximately(1 - 0.60653f, 1e-5f);
        At(drawn.Background, 0, 6, 7).Should().Be(1);
        drawn.Mask.Should().OnlyContain(m => m == 1);
    }

    [Fact]
    public void Where_people_cross_fields_are_averaged_and_elsewhere_not()
    {
        var drawn = Draw([Person((1, 3), (5, 3)), Person((3, 1), (3, 5))]);

        for (var y = 0; y < Map.Height; y++)
        {
            for (var x = 0; x < Map.Width; x++)
            {
                var across = x <= 6 && y is >= 2 and <= 4;
                var down = x is >= 2 and <= 4 && y <= 6;
                var owners = (across ? 1 : 0) + (down ? 1 : 0);
                At(drawn.Fields, 0, x, y).Should().Be(across ? 1f / owners : 0);
                At(drawn.Fields, 1, x, y).Should().Be(down ? 1f / owners : 0);
            }
        }
    }

    [Fact]
    public void Heat_maps_are_the_maximum_over_people_not_the_sum()
    {
        var drawn = Draw([Person((2, 2), (2, 6)), Person((4, 2), (4, 6)), Person((2, 2), (5, 7))]);

        At(drawn.Heatmaps, 0, 3, 2).Should().BeApproximately(0.60653f, 1e-5f);
        At(drawn.Heatmaps, 0, 2, 2).Should().Be(1);
    }

    [Fact]
    public void A_slanting_limb_has_a_unit_vector()
    {
        var drawn = Draw([Person((1, 1), (4, 5))]);

        (At(drawn.Fields, 0, 2, 2), At(drawn.Fields, 1, 2, 2)).Should().Be((0.6f, 0.8f));
        (At(drawn.Fields, 0, 5, 1), At(drawn.Fields, 1, 5, 1)).Should().Be((0f, 0f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_keypoint_that_is_not_there_takes_its_limb_along(int missing)
    {
        var person = Person((3, 1), (3, 5));
        person[missing] = person[missing] with { Visibility = 0 };

        var drawn = Draw([person]);

        drawn.Fields.Should().OnlyContain(f => f == 0);
        drawn.Heatmaps.Count(h => h == 1).Should().Be(1);
        drawn.Visibility.Should().Equal([2, 2], "that nothing is there is to be learnt too");
    }

    [Fact]
    public void A_limb_without_a_direction_has_no_field() =>
        Draw([Person((3, 3), (3, 3))]).Fields.Should().OnlyContain(f => f == 0);

    [Fact]
    public void A_cell_stands_for_the_middle_of_its_pixels()
    {
        // 8 pixels a cell: the middle of cell 2 is pixel 19.5.
        var target = new PartAffinityTarget(Layout, sigma: 1);
        var drawn = Draw([Person((19.5, 11.5), (27.5, 43.5))], target, crop: new ImageSize(64, 56));

        At(drawn.Heatmaps, 0, 2, 1).Should().BeApproximately(1, 1e-6f);
        At(drawn.Heatmaps, 1, 3, 5).Should().BeApproximately(1, 1e-6f);
        At(drawn.Heatmaps, 1, 3, 6).Should().BeApproximately(0.60653f, 1e-5f);
    }

    [Fact]
    public void The_mask_is_zero_where_the_middle_of_a_cell_is_ignored()
    {
        // Middles of cells are at 3.5, 11.5, 19.5, …
        var drawn = Draw(
            [Person((10, 10), (20, 20))], crop: new ImageSize(64, 56),
            ignored: [new Box(4, 0, 20, 12)]);

        for (var i = 0; i < drawn.Mask.Length; i++)
        {
            drawn.Mask[i].Should().Be(i % Map.Width is 1 or 2 && i / Map.Width <= 1 ? 0 : 1, $"of cell ({i % Map.Width}, {i / Map.Width})");
        }
    }

    [Fact]
    public void A_crop_shows_everybody_and_what_is_ignored()
    {
        var image = TestImages.Noise(40, 40);
        var sample = new PoseSample
        {
            Id = 1,
            ImageId = 1,
            ImageName = "noise",
            Box = new Box(0, 0, 40, 40),
            // The first person's feet and the second one's head are outside the image.
            Keypoints = [new(10, 20, 2), new(10, 45, 2)],
            Others = [[new(30, -3, 1), new(30, 20, 1)], [new(5, 2, 2), new(35, 2, 2)]],
            Ignored = [new Box(30, 30, 10, 10)],
        };
        var plain = Encode(sample, image, People.Nothing);
        var mirrored = Encode(sample, image, People.Nothing with { FlipProbability = 1 });

        // Four pixels a cell.
        Peaks(plain.Heatmaps, 0).Should().Equal((1, 0), (2, 5));
        Peaks(plain.Heatmaps, 1).Should().Equal((8, 0), (7, 5));
        Peaks(mirrored.Heatmaps, 0).Should().Equal((8, 0), (7, 5));
        plain.Fields.Take(100).Where(f => f != 0).Should().OnlyContain(f => f == 1, "only the third person has a whole limb");
        mirrored.Fields.Take(100).Where(f => f != 0).Should().OnlyContain(f => f == -1).And.NotBeEmpty();
        Zeros(plain.Mask).Should().Equal((8, 8), (9, 8), (8, 9), (9, 9));
        Zeros(mirrored.Mask).Should().Contain((0, 8)).And.OnlyContain(c => c.Item1 <= 2 && c.Item2 >= 7);

        static IEnumerable<(int, int)> Peaks(float[] maps, int k) => Cells(maps.AsSpan(100 * k, 100).ToArray(), v => v > 0.85f);
        static IEnumerable<(int, int)> Zeros(float[] map) => Cells(map, v => v == 0);
        static IEnumerable<(int, int)> Cells(float[] map, Func<float, bool> wanted) =>
            Enumerable.Range(0, map.Length).Where(i => wanted(map[i])).Select(i => (i % 10, i / 10));
    }

    [Theory]
    [InlineData("openpose18")]
    [InlineData("coco17")]
    public void Targets_of_mirrored_people_are_the_mirrored_targets(string name)
    {
        var options = new OpenPoseOptions { Keypoints = KeypointSchemas.Get(name) };
        var layout = options.CreateLayout();
        var (crop, map, extra) = (new ImageSize(64, 96), new ImageSize(8, 12), PoseExtra.OfAffinityFields(layout));
        var random = new SampleRandom(3);
        Keypoint[][] people = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, layout.Keypoints.Count)
            .Select(_ => new Keypoint(95 * random.NextDouble(), 63 * random.NextDouble(), 2)).ToArray())];
        using var scope = NewDisposeScope();

        var (heatmaps, fields) = Tensors(people);
        var (mirroredHeatmaps, mirroredFields) = Tensors([.. people.Select(p => CropSampler.Mirror(p, layout.Keypoints, crop.Width))]);

        HeatmapFlip.Back(heatmaps, layout.Keypoints).allclose(mirroredHeatmaps, atol: 1e-5).Should().BeTrue();
        HeatmapFlip.Back(fields, extra).allclose(mirroredFields, atol: 1e-5).Should().BeTrue();
        HeatmapFlip.Back(fields, extra).allclose(fields, atol: 1e-5).Should().BeFalse();

        (Tensor, Tensor) Tensors(Keypoint[][] drawn)
        {
            var sample = People.Person(Box.Whole(crop), drawn[0]) with { Others = drawn[1..] };
            var encoder = new CropEncoder(
                layout.Keypoints, crop, map, new PoseInput { BoxScaleX = 1, BoxScaleY = 1 }, new PartAffinityTarget(layout));
            var (maps, parts) = (new float[encoder.TargetLength], new float[encoder.PartsLength]);
            encoder.Encode(
                sample, TestImages.Noise(crop.Height, crop.Width), new SampleRandom(1), new float[encoder.ImageLength], maps,
                new float[layout.Keypoints.Count], parts);
            return (
                tensor(maps, [1, layout.Keypoints.Count, map.Height, map.Width]),
                tensor(parts[..(extra.Channels * map.Height * map.Width)], [1, extra.Channels, map.Height, map.Width]));
        }
    }

    [Fact]
    public void Its_parts_fit_the_network()
    {
        var network = new OpenPoseOptions();
        var target = new PartAffinityTarget(network.CreateLayout());
        target.Levels.Should().Be(1);
        target.Parts(network.Keypoints).Should().Equal(
            new TargetPart(PoseExtra.AffinityFields, 38), new TargetPart(PoseExtra.Background, 1), new TargetPart(PoseTargets.Mask, 1));
        target.Invoking(t => t.Parts(KeypointSchemas.Coco17)).Should().Throw<ArgumentException>().WithMessage("*openpose18*coco17*");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void Widths_are_positive(double sigma, double limbWidth) =>
        FluentActions.Invoking(() => new PartAffinityTarget(Layout, sigma, limbWidth)).Should().Throw<ArgumentOutOfRangeException>();

    private static Keypoint[] Person((double X, double Y) top, (double X, double Y) bottom) => [new(top.X, top.Y, 2), new(bottom.X, bottom.Y, 1)];

    private static float At(float[] maps, int map, int x, int y) => maps[(map * Map.Height + y) * Map.Width + x];

    // A crop of the whole image moves nothing.
    private static Drawn Draw(Keypoint[][] people, PartAffinityTarget? target = null, ImageSize? crop = null, IReadOnlyList<Box>? ignored = null)
    {
        var size = crop ?? Map;
        var sample = new PoseSample
        {
            Id = 1,
            ImageId = 1,
            ImageName = "noise",
            Box = Box.Whole(size),
            Keypoints = people[0],
            Others = people[1..],
            Ignored = ignored ?? [],
        };
        return Encode(sample, TestImages.Noise(size.Height, size.Width), size, Map, target ?? new PartAffinityTarget(Layout, sigma: 1), null);
    }

    private static Drawn Encode(PoseSample sample, RgbImage image, CropAugmentation augmentation) =>
        Encode(sample, image, new ImageSize(40, 40), new ImageSize(10, 10), new PartAffinityTarget(Layout), augmentation);

    private static Drawn Encode(
        PoseSample sample, RgbImage image, ImageSize crop, ImageSize map, PartAffinityTarget target, CropAugmentation? augmentation)
    {
        var encoder = new CropEncoder(Pole, crop, map, new PoseInput { BoxScaleX = 1, BoxScaleY = 1 }, target, augmentation);
        var (heatmaps, visibility, parts) = (Garbage(encoder.TargetLength), Garbage(2), Garbage(encoder.PartsLength));
        encoder.Encode(sample, image, new SampleRandom(1), new float[encoder.ImageLength], heatmaps, visibility, parts);
        return Drawn.Of(heatmaps, visibility, parts);
    }

    private static float[] Garbage(int length) => [.. Enumerable.Repeat(7f, length)];

    private sealed record Drawn(float[] Heatmaps, float[] Visibility, float[] Fields, float[] Background, float[] Mask)
    {
        public static Drawn Of(float[] heatmaps, float[] visibility, float[] parts)
        {
            var area = parts.Length / 4;
            return new Drawn(heatmaps, visibility, parts[..(2 * area)], parts[(2 * area)..(3 * area)], parts[(3 * area)..]);
        }
    }
}
