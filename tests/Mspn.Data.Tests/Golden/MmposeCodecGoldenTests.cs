using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mmpose")]
public partial class MmposeCodecGoldenTests
{
    // Visibilities of at least a half are drawn.
    private const double LeastVisibility = 0.5;

    public static IEnumerable<object?[]> Files => Goldens.Rows("mmpose", "codec_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Blurred_targets_are_mmposes(string? file)
    {
        var golden = new Setup(Goldens.Case(file));
        var kernels = golden.Json.Numbers("kernels").Select(k => (int)k).ToArray();
        var maps = new float[kernels.Length * golden.Length];

        new CoarseToFineHeatmapTarget(kernels) { Convention = HeatmapConvention.Mmpose }.Encode(golden.Keypoints, golden.Crop, golden.Map, maps);

        for (var l = 0; l < kernels.Length; l++)
        {
            golden.Compare(maps.AsSpan(l * golden.Length, golden.Length), string.Create(CultureInfo.InvariantCulture, $"encode.k{kernels[l]}.heatmaps"));
        }
        var weights = golden.Tensors.Doubles("encode.keypoint_weights");
        for (var k = 0; k < weights.Length; k++)
        {
            var drawn = maps.AsSpan(k * golden.Area, golden.Area).ContainsAnyExcept(0f);
            drawn.Should().Be(weights[k] >= LeastVisibility, $"keypoint {k}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Gaussian_targets_are_mmposes(string? file)
    {
        var golden = new Setup(Goldens.Case(file));
        var sigma = double.Parse(SigmaPattern().Match(golden.Json.Text("notes")).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        foreach (var (prefix, unbiased) in new[] { ("msra.encode", false), ("msra_unbiased.encode", true) })
        {
            var target = new GaussianHeatmapTarget(sigma, unbiased);
            var maps = new float[golden.Length];

            target.Encode(golden.Keypoints, golden.Crop, golden.Map, maps);

            golden.Compare(maps, $"{prefix}.heatmaps");
            var weights = golden.Tensors.Doubles($"{prefix}.keypoint_weights");
            golden.Keypoints.Select(p => (double)(target.Reaches(p, golden.Crop, golden.Map) || p.Visibility < LeastVisibility ? p.Visibility : 0))
                .Should().Equal(weights, prefix);
        }
    }

    [GeneratedRegex(@"sigma (\d+(?:\.\d+)?)")]
    private static partial Regex SigmaPattern();

    private sealed class Setup(GoldenCase golden)
    {
        public JsonElement Json { get; } = golden.Json;

        public GoldenTensors Tensors { get; } = golden.Tensors;

        public ImageSize Crop => Size("input_size_wh");

        public ImageSize Map => Size("heatmap_size_wh");

        public int Area => Map.Height * Map.Width;

        public int Length => Keypoints.Length * Area;

        public Keypoint[] Keypoints { get; } =
            GoldenGeometry.Keypoints([.. golden.Tensors.Doubles("keypoints").Chunk(2)], golden.Tensors.Doubles("visible"));

        public void Compare(ReadOnlySpan<float> maps, string name) =>
            Differences.Largest(maps.ToArray(), Tensors.Doubles(name), name)
                .Should().BeLessThanOrEqualTo(golden.Entry.GetProperty("tolerance").Number("heatmaps"), name);

        private ImageSize Size(string name)
        {
            var widthAndHeight = Json.Numbers(name);
            return new ImageSize((int)widthAndHeight[1], (int)widthAndHeight[0]);
        }
    }
}
