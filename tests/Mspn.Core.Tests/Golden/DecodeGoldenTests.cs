using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public partial class DecodeGoldenTests
{
    private const float PixelsPerScale = 200;

    // Of the official configurations: maps are a quarter of the input.
    private const int Stride = 4;

    public static IEnumerable<object?[]> TensorFiles => Goldens.Rows("data", "decode_", ".safetensors");

    public static IEnumerable<object?[]> AnalyticFiles => Goldens.Rows("data", "decode_full", ".json");

    [SkippableTheory]
    [MemberData(nameof(TensorFiles))]
    public void Positions_and_scores_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var (json, tensors) = (golden.Json, golden.Tensors);
        var tolerance = golden.Entry.GetProperty("tolerance");
        var crop = Size(json, "input_shape");
        var (centers, scales) = (tensors.Doubles("centers"), tensors.Doubles("scales"));
        using var scope = NewDisposeScope();
        var heatmaps = tensors.Read("heatmaps");
        foreach (var decoding in json.GetProperty("cases").EnumerateArray())
        {
            var decoded = Decoder(decoding).Decode(heatmaps, crop);

            var positions = tensors.Doubles(decoding.Text("preds"));
            var scores = tensors.Doubles(decoding.Text("maxvals"));
            var means = tensors.Doubles(decoding.Text("kp_scores"));
            decoded.Should().HaveCount(means.Length);
            for (var i = 0; i < decoded.Count; i++)
            {
                var keypoints = json.Int("K");
                Check(
                    decoded[i], Region(centers[(2 * i)..], scales[(2 * i)..]), crop, positions[(2 * i * keypoints)..(2 * (i + 1) * keypoints)],
                    scores[(i * keypoints)..((i + 1) * keypoints)], tolerance);
                decoded[i].Average(k => k.Score).Should().BeApproximately(means[i], tolerance.Number("maxvals_abs"));
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TensorFiles))]
    public void Mirrored_maps_come_back_as_in_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var (json, tensors) = (golden.Json, golden.Tensors);
        using var scope = NewDisposeScope();
        var schema = GoldenMspn.Anonymous(json.Int("K")) with
        {
            FlipPairs = [.. json.Rows("flip_pairs").Select(p => ((int)p[0], (int)p[1]))],
        };

        var back = HeatmapFlip.Back(tensors.Read("heatmaps"), schema.Validated());

        var difference = (back - tensors.Read("flip_back")).abs().max().item<float>();
        ((double)difference).Should().BeLessThanOrEqualTo(golden.Entry.GetProperty("tolerance").Number("flip"));
    }

    [SkippableTheory]
    [MemberData(nameof(AnalyticFiles))]
    public void Analytic_peaks_are_found_where_the_reference_finds_them(string? file)
    {
        var golden = Goldens.Case(file);
        var json = golden.Json;
        var size = MapSizePattern().Match(json.Text("formula"));
        var map = new ImageSize(Whole(size.Groups[1]), Whole(size.Groups[2]));
        var crop = new ImageSize(map.Height * Stride, map.Width * Stride);
        var gaussians = json.Rows("gaussians_cx_cy_sigma_amp");
        var values = gaussians.SelectMany(g => Gaussian(g, map)).ToArray();
        using var scope = NewDisposeScope();
        var heatmaps = tensor(values, [1, gaussians.Length, map.Height, map.Width]);

        var decoded = Decoder(json).Decode(heatmaps, crop)[0];

        Check(
            decoded, Region(json.Numbers("center"), json.Numbers("scale")), crop, [.. json.Rows("preds").SelectMany(p => p)],
            [.. json.GetProperty("maxvals").EnumerateArray().Select(JsonNumbers.Number)], golden.Entry.GetProperty("tolerance"));
    }

    private static void Check(
        KeypointPrediction[] decoded, CropRegion region, ImageSize crop, double[] positions, double[] scores, JsonElement tolerance)
    {
        decoded.Should().HaveCount(scores.Length);
        for (var k = 0; k < decoded.Length; k++)
        {
            var (x, y) = region.ToImage(decoded[k].X, decoded[k].Y, crop);
            x.Should().BeApproximately(positions[2 * k], tolerance.Number("preds_abs"), $"keypoint {k}");
            y.Should().BeApproximately(positions[2 * k + 1], tolerance.Number("preds_abs"), $"keypoint {k}");
            decoded[k].Score.Should().BeApproximately(scores[k], tolerance.Number("maxvals_abs"), $"keypoint {k}");
        }
    }

    private static OfficialHeatmapDecoder Decoder(JsonElement json) =>
        new() { Kernel = json.Int("kernel"), Shifts = json.Numbers("shifts") };

    private static CropRegion Region(double[] center, double[] scale) =>
        new(center[0], center[1], (float)scale[0] * PixelsPerScale, (float)scale[1] * PixelsPerScale);

    private static IEnumerable<float> Gaussian(double[] parameters, ImageSize map)
    {
        var (cx, cy, sigma, peak) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        return Enumerable.Range(0, map.Height * map.Width).Select(i =>
        {
            var (dx, dy) = (i % map.Width - cx, i / map.Width - cy);
            return (float)(peak * Math.Exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)));
        });
    }

    private static ImageSize Size(JsonElement json, string name) => GoldenMspn.Size(json, name);

    private static int Whole(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+)x(\d+)")]
    private static partial Regex MapSizePattern();
}
