namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "openpose")]
public class PartAffinityGoldenTests
{
    private static readonly LimbLayout Layout = LimbLayout.OpenPose18;

    public static IEnumerable<object?[]> Files => Goldens.Rows("openpose", "decode_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Peaks_are_those_of_the_reference(string? file)
    {
        var maps = Maps.Of(Goldens.Case(file));

        var peaks = maps.Assemble().Peaks;

        peaks.Should().HaveCount(maps.Case.Json.Int("n_peaks"));
        var expected = maps.Case.Tensors.Doubles("peaks");
        expected.Should().HaveCount(5 * peaks.Count);
        for (var i = 0; i < peaks.Count; i++)
        {
            var row = expected.AsSpan(5 * i, 5);
            peaks[i].Should().BeEquivalentTo(new { X = (int)row[0], Y = (int)row[1], Id = (int)row[3], Keypoint = (int)row[4] });
            peaks[i].Score.Should().BeApproximately(row[2], maps.Tolerance);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Connections_are_those_of_the_reference(string? file)
    {
        var maps = Maps.Of(Goldens.Case(file));
        var peaks = maps.Assemble().Peaks.ToLookup(p => p.Keypoint);
        var area = maps.Size.Height * maps.Size.Width;
        var found = new List<double[]>();
        for (var l = 0; l < Layout.Count; l++)
        {
            var limb = Layout.Limbs[l];
            var (from, to) = (peaks[limb.From].ToArray(), peaks[limb.To].ToArray());
            var connections = LimbMatcher.Match<double>(
                from, to, maps.Fields.AsSpan(2 * limb.Channel * area, area), maps.Fields.AsSpan((2 * limb.Channel + 1) * area, area), maps.Size,
                maps.Options);
            found.AddRange(connections.Select(c => new[]
            {
                l, c.From.Id, c.To.Id, c.Score, Array.IndexOf(from, c.From), Array.IndexOf(to, c.To),
            }));
        }

        var expected = maps.Case.Tensors.Doubles("connections").Chunk(6).ToArray();
        found.Should().HaveCount(expected.Length);
        found.Zip(expected).Where(p => p.First.Zip(p.Second).Any(n => !(Math.Abs(n.First - n.Second) <= maps.Tolerance))).Should().BeEmpty();
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void People_are_those_of_the_reference(string? file)
    {
        var maps = Maps.Of(Goldens.Case(file));

        var found = maps.Assemble();

        var keypoints = Layout.Keypoints.Count;
        var expected = maps.Case.Tensors.Doubles("subset").Chunk(keypoints + 2).ToArray();
        found.People.Should().HaveCount(maps.Case.Json.Int("n_people_out")).And.HaveCount(expected.Length);
        foreach (var (person, row) in found.People.Zip(expected))
        {
            person.Peaks.Should().Equal(row[..keypoints].Select(id => (int)id));
            person.TotalScore.Should().BeApproximately(row[keypoints], maps.Tolerance);
            person.Parts.Should().Be((int)row[keypoints + 1]);
        }
    }

    private sealed record Maps(GoldenCase Case, double[] Heatmaps, double[] Fields, ImageSize Size)
    {
        public double Tolerance => Case.Entry.Number("tolerance");

        public PartAffinityOptions Options => new()
        {
            PeakThreshold = Case.Json.Number("thre1"), FieldThreshold = Case.Json.Number("thre2"),
        };

        public static Maps Of(GoldenCase golden)
        {
            var (json, tensors) = (golden.Json, golden.Tensors);
            var constants = QuantizedMaps.Constants(json.Text("dequant"));
            constants.Should().HaveCount(3);
            double[] Read(string name, Func<byte, double> convert) =>
                QuantizedMaps.MapsFirst(tensors.Bytes(name), tensors.Shape(name), convert);
            return new Maps(
                golden, Read("heatmap_u8", v => v / (double)constants[0]), Read("paf_u8", v => (v - constants[1]) / (double)constants[2]),
                new ImageSize(json.Int("H"), json.Int("W")));
        }

        public AssembledPeople Assemble() => new PartAffinityAssembler(Layout, Options).Assemble<double>(Heatmaps, Fields, Size);
    }
}
