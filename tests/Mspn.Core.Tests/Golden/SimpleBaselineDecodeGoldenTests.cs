using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "simplebaseline")]
public class SimpleBaselineDecodeGoldenTests
{
    private const double PixelsPerScale = 200;

    public static IEnumerable<object?[]> Files => Goldens.Rows("simplebaseline", "decode", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Maxima_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var cells = Decode(new SimpleBaselineHeatmapDecoder { Shift = 0 }, golden);
        cells.SelectMany(p => p).SelectMany(k => new[] { k.X, k.Y }).Should().Equal(golden.Tensors.Doubles("max_coords"));
        cells.SelectMany(p => p).Select(k => k.Score).Should().Equal(golden.Tensors.Doubles("maxvals"));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Positions_in_the_image_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        Check(new SimpleBaselineHeatmapDecoder(), "preds_post1", golden);
        Check(new SimpleBaselineHeatmapDecoder { Shift = 0 }, "preds_post0", golden);
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Mirrored_maps_come_back_as_in_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        using var scope = NewDisposeScope();
        var schema = GoldenMspn.Anonymous(golden.Json.Int("K")) with
        {
            FlipPairs = [.. golden.Json.Rows("pairs").Select(p => ((int)p[0], (int)p[1]))],
        };
        var maps = golden.Tensors.Read("heatmaps");
        foreach (var (name, shift) in new[] { ("flip_back", false), ("flip_back_shift_heatmap", true) })
        {
            var back = HeatmapFlip.Back(maps, schema.Validated(), shift);
            ((double)(back - golden.Tensors.Read(name)).abs().max().item<float>())
                .Should().BeLessThanOrEqualTo(golden.Entry.GetProperty("tolerance").Number("flip"), name);
        }
    }

    private static void Check(HeatmapDecoder decoder, string name, GoldenCase golden)
    {
        var (centers, scales) = (golden.Tensors.Doubles("center"), golden.Tensors.Doubles("scale"));
        var expected = golden.Tensors.Doubles(name);
        var tolerance = golden.Entry.GetProperty("tolerance").Number("preds_abs");
        var at = 0;
        var people = Decode(decoder, golden);
        for (var i = 0; i < people.Count; i++)
        {
            var region = new CropRegion(centers[2 * i], centers[2 * i + 1], scales[2 * i] * PixelsPerScale, scales[2 * i + 1] * PixelsPerScale);
            var toImage = AffineTransform.ToCrop(region, MapSize(golden)).Inverse();
            foreach (var keypoint in people[i])
            {
                var (x, y) = toImage.Apply(keypoint.X, keypoint.Y);
                x.Should().BeApproximately(expected[at++], tolerance, $"{name}, person {i}");
                y.Should().BeApproximately(expected[at++], tolerance, $"{name}, person {i}");
            }
        }
        at.Should().Be(expected.Length);
    }

    // In cells: the crop is taken to be as large as the maps.
    private static IReadOnlyList<KeypointPrediction[]> Decode(HeatmapDecoder decoder, GoldenCase golden)
    {
        using var scope = NewDisposeScope();
        return decoder.Decode(golden.Tensors.Read("heatmaps"), MapSize(golden));
    }

    private static ImageSize MapSize(GoldenCase golden) => new(golden.Json.Int("H"), golden.Json.Int("W"));
}
