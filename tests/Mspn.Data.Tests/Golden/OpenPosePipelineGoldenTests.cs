using System.Text.Json;
using System.Text.RegularExpressions;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "openpose")]
public partial class OpenPosePipelineGoldenTests
{
    private static readonly LimbLayout Layout = LimbLayout.OpenPose18;

    public static IEnumerable<object?[]> Files => Goldens.Rows("openpose", "pipeline_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_networks_input_is_that_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var json = golden.Json;
        var preparation = new WholeImagePreparation(PoseInput.OpenPose);

        var input = Prepare(golden, preparation);

        var options = preparation.Options;
        (options.Scales[0] * options.Height / json.Int("H")).Should().BeApproximately(json.Number("scale"), 1e-12);
        input.Frame.Should().Be(new ImageFrame(
            new ImageSize(json.Int("H"), json.Int("W")), GoldenMspn.Size(json, "resized"), GoldenMspn.Size(json, "padded")));
        Check(Sample(json, "net_input", input.Pixels), golden, "net_input", "net_input");
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Maps_come_back_to_the_image_as_in_the_reference(string? file)
    {
        var golden = Goldens.Case(file);

        var restored = Restored.Of(golden);

        Check(Sample(golden.Json, "heatmap_avg", MapsLast(restored.Heatmaps, restored.Size)), golden, "heatmap_avg", "maps_abs");
        Check(Sample(golden.Json, "paf_avg", MapsLast(restored.Fields, restored.Size)), golden, "paf_avg", "maps_abs");
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void People_are_those_of_the_reference(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.GetProperty("tolerance");
        var restored = Restored.Of(golden);

        var found = new PartAffinityAssembler(Layout).Assemble<float>(restored.Heatmaps, restored.Fields, restored.Size);

        var candidates = golden.Tensors.Doubles("candidate").Chunk(4).ToArray();
        found.Peaks.Should().HaveCount(candidates.Length);
        foreach (var (peak, row) in found.Peaks.Zip(candidates))
        {
            ((double)peak.X).Should().BeApproximately(row[0], tolerance.Number("candidate_xy"));
            ((double)peak.Y).Should().BeApproximately(row[1], tolerance.Number("candidate_xy"));
            peak.Score.Should().BeApproximately(row[2], tolerance.Number("scores"));
            peak.Id.Should().Be((int)row[3]);
        }
        var keypoints = Layout.Keypoints.Count;
        var people = golden.Tensors.Doubles("subset").Chunk(keypoints + 2).ToArray();
        found.People.Should().HaveCount(people.Length).And.HaveCount(golden.Json.Int("n_people"));
        foreach (var (person, row) in found.People.Zip(people))
        {
            person.Peaks.Should().Equal(row[..keypoints].Select(id => (int)id));
            person.TotalScore.Should().BeApproximately(row[keypoints], tolerance.Number("scores"));
            person.Parts.Should().Be((int)row[keypoints + 1]);
        }
    }

    private static WholeImageInput Prepare(GoldenCase golden, WholeImagePreparation preparation)
    {
        var json = golden.Json;
        var key = KeyPattern().Match(json.Text("image")).Groups[1].Value;
        var image = GoldenImages.RedFirst(GoldenImages.Noise(key, json.Int("W"), json.Int("H"), golden.Seed));
        return preparation.Prepare(image).Should().ContainSingle().Subject;
    }

    private static void Check(float[] sample, GoldenCase golden, string name, string tolerance) =>
        Differences.Largest(sample, golden.Tensors.Doubles(name + "_sample"), name)
            .Should().BeLessThanOrEqualTo(golden.Entry.GetProperty("tolerance").Number(tolerance), name);

    private static float[] Sample(JsonElement json, string name, float[] values)
    {
        var stride = json.GetProperty("strides").Int(name);
        return [.. values.Where((_, i) => i % stride == 0)];
    }

    private static float[] MapsLast(float[] maps, ImageSize size)
    {
        var area = size.Height * size.Width;
        var count = maps.Length / area;
        return [.. Enumerable.Range(0, maps.Length).Select(i => maps[i % count * area + i / count])];
    }

    [GeneratedRegex(@"key (\S+)")]
    private static partial Regex KeyPattern();

    private sealed record Restored(float[] Heatmaps, float[] Fields, ImageSize Size)
    {
        public static Restored Of(GoldenCase golden)
        {
            var (json, tensors) = (golden.Json, golden.Tensors);
            var input = Prepare(golden, new WholeImagePreparation(PoseInput.OpenPose));
            float[] Restore(string name, Func<byte, float> convert)
            {
                var shape = tensors.Shape(name);
                var maps = QuantizedMaps.MapsFirst(tensors.Bytes(name), shape, convert);
                return WholeImagePreparation.Restore([input], [(maps, new ImageSize((int)shape[0], (int)shape[1]))], (int)shape[2]);
            }
            var heatmap = QuantizedMaps.Constants(json.Text("net_heatmap"));
            var field = QuantizedMaps.Constants(json.Text("net_paf"));
            return new Restored(
                Restore("net_heatmap_u8", v => v / (float)heatmap[0]), Restore("net_paf_u8", v => (v - field[0]) / (float)field[1]),
                input.Frame.Image);
        }
    }
}
