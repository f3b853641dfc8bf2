using System.Text.Json;
using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

/// <summary>The whole way from an annotated image to network input and targets, with the reference's random numbers.</summary>
[Trait("Category", "Golden")]
[Trait("Area", "data")]
public partial class GetItemGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "getitem", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Network_input_is_that_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        foreach (var item in Items(golden))
        {
            var random = new ScriptedRandom(item.Json.GetProperty("random"));
            var pixels = item.Encode(random).Pixels;

            var used = item.Json.GetProperty("random_used");
            new[] { random.Uniforms, random.Gaussians, random.Chances, random.Ranges }.Should().Equal(
                [used.Int("rand"), used.Int("randn"), used.Int("rr"), used.Int("ru")], item.Name);
            var stride = item.Json.Int("img_stride");
            var expected = golden.Tensors.Doubles($"img{item.Number}");
            var sampled = pixels.Where((_, i) => i % stride == 0).ToArray();
            sampled.Should().HaveCount(expected.Length, item.Name);
            sampled.Zip(expected).Count(p => p.First != p.Second).Should().Be(0, item.Name);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Evaluation_regions_are_those_of_the_reference(string? file)
    {
        foreach (var item in Items(Goldens.Case(file)).Where(i => !i.IsTraining))
        {
            var region = CropSampler.ForEvaluation(item.Sample.Box, item.Setup.Input, item.Setup.InputSize);

            var expected = GoldenGeometry.Region(item.Json.Numbers("out_center"), item.Json.Numbers("out_scale"), 0, single: true);
            region.Should().Be(expected, item.Name);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Visibility_and_targets_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.GetProperty("tolerance").Number("labels");
        var tensors = golden.Tensors;
        foreach (var item in Items(golden).Where(i => i.IsTraining))
        {
            var (_, targets, visibility) = item.Encode(new ScriptedRandom(item.Json.GetProperty("random")));

            visibility.Select(v => (double)v).Should().Equal(item.Json.Numbers("valid"), item.Name);
            var kernels = ((CoarseToFineHeatmapTarget)item.Encoder.Target).Kernels;
            var maps = targets.Chunk(item.MapSize.Height * item.MapSize.Width).ToArray();
            var sums = tensors.Doubles($"labels_sum{item.Number}");
            var peaks = tensors.Doubles($"labels_max_index{item.Number}");
            maps.Should().HaveCount(sums.Length, item.Name);
            for (var m = 0; m < maps.Length; m++)
            {
                maps[m].Sum(v => (double)v).Should().BeApproximately(sums[m], tolerance * maps[m].Length, item.Name);
                Array.IndexOf(maps[m], maps[m].Max()).Should().Be((int)peaks[m], item.Name);
            }
            foreach (var l in Enumerable.Range(0, kernels.Count).Where(l => tensors.Contains(item.MapsOf(kernels[l]))))
            {
                // The file holds the maps of the first few keypoints only.
                var expected = tensors.Doubles(item.MapsOf(kernels[l]));
                var ours = maps.Skip(l * item.Setup.Schema.Count).SelectMany(m => m).Take(expected.Length).ToArray();
                Differences.Largest(ours, expected, item.Name).Should().BeLessThanOrEqualTo(tolerance, item.Name);
            }
        }
    }

    private static IEnumerable<Item> Items(GoldenCase golden)
    {
        var json = golden.Json;
        var description = json.Text("image");
        var (width, height) = GoldenImages.SizeIn(description);
        var key = KeyPattern().Match(description).Groups[1].Value;
        var image = GoldenImages.RedFirst(GoldenImages.Noise(key, width, height, golden.Seed));
        return json.GetProperty("cases").EnumerateArray().Select((item, i) => new Item(i, item, image));
    }

    [GeneratedRegex(@"key (\S+)")]
    private static partial Regex KeyPattern();

    private sealed class Item
    {
        // Of the official configurations: maps are a quarter of the input.
        private const int Stride = 4;

        private readonly RgbImage _image;

        public Item(int number, JsonElement json, RgbImage image)
        {
            (Number, Json, _image) = (number, json, image);
            Setup = OfficialSetup.Of(json);
            MapSize = new ImageSize(Setup.InputSize.Height / Stride, Setup.InputSize.Width / Stride);
            Encoder = new CropEncoder(
                Setup.Schema, Setup.InputSize, MapSize, Setup.Input, new CoarseToFineHeatmapTarget(), IsTraining ? Setup.Augmentation with { WholeKeypoints = json.Text("joints_dtype") == "int64" } : null);
            var joints = json.Rows("joints");
            Sample = new PoseSample
            {
                Id = number,
                ImageId = number,
                ImageName = Name,
                Box = json.GetProperty("bbox").ValueKind == JsonValueKind.Null ? BoxOfCenterAndScale(json) : BoxOf(json.Numbers("bbox")),
                Keypoints = GoldenGeometry.Keypoints(joints, [.. joints.Select(j => j[2])]),
            };
        }

        public int Number { get; }

        public JsonElement Json { get; }

        public string Name => $"case {Number}";

        public bool IsTraining => Json.Text("stage") == "train";

        public OfficialSetup Setup { get; }

        public ImageSize MapSize { get; }

        public CropEncoder Encoder { get; }

        public PoseSample Sample { get; }

        public string MapsOf(int kernel) => $"labels_k{kernel}_{Number}";

        public (float[] Pixels, float[] Targets, float[] Visibility) Encode(IRandomSource random)
        {
            var (pixels, targets, visibility) = (new float[Encoder.ImageLength], new float[Encoder.TargetLength], new float[Setup.Schema.Count]);
            Encoder.Encode(Sample, _image, random, pixels, targets, visibility);
            return (pixels, targets, visibility);
        }

        private static Box BoxOf(double[] edges) => new(edges[0], edges[1], edges[2], edges[3]);

        private static Box BoxOfCenterAndScale(JsonElement json)
        {
            var region = GoldenGeometry.Region(json.Numbers("center"), json.Numbers("scale"), 0, single: false);
            return new Box(region.CenterX - region.Width / 2, region.CenterY - region.Height / 2, region.Width, region.Height);
        }
    }
}
