using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests;

public sealed class OnnxDecodingTests : IDisposable
{
    private const int Count = 3;
    private const int Keypoints = 17;

    private static readonly Dictionary<string, IPoseDecoder> Decoders = new()
    {
        ["official"] = new OfficialHeatmapDecoder(),
        ["official, MPII"] = new OfficialHeatmapDecoder { Kernel = 9, Peak = 100 },
        ["official, kernel beyond its border"] = new OfficialHeatmapDecoder { Kernel = 25 },
        ["official, two steps"] = new OfficialHeatmapDecoder { Shifts = [0.25, 0.125] },
        ["official, no step, no blur"] = new OfficialHeatmapDecoder { Shifts = [], Kernel = 1 },
        ["mmpose"] = new MmposeHeatmapDecoder(),
        ["mmpose, kernel 11"] = new MmposeHeatmapDecoder { Kernel = 11 },
        ["simple baseline"] = new SimpleBaselineHeatmapDecoder(),
        ["simple baseline, no step"] = new SimpleBaselineHeatmapDecoder { Shift = 0, Peak = 255 },
        ["msra"] = new MsraHeatmapDecoder(),
        ["dark"] = new DarkHeatmapDecoder(),
        ["dark, kernel 5"] = new DarkHeatmapDecoder { Kernel = 5 },
        ["voting"] = new HoughVotingDecoder(),
        ["voting, radius 2"] = new HoughVotingDecoder(2),
    };

    private readonly TemporaryFolder _folder = new();

    private static readonly string[] Kinds = ["noise", "negative", "peaks", "symmetric", "edges", "zeros", "plateaus"];

    public static TheoryData<string> Names => [.. Decoders.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exported_decoder_finds_what_the_library_finds(string decoder)
    {
        using var scope = NewDisposeScope();
        var map = new ImageSize(16, 12);
        var input = new ImageSize(64, 48);
        var heatmaps = cat([.. Kinds.Select(kind => Maps(kind, map))], 0);
        var offsets = randn(heatmaps.shape[0], 2 * Keypoints, map.Height, map.Width);
        var path = _folder.File("decoder.onnx");
        var graph = new OnnxGraph();
        var maps = new Dictionary<string, OnnxValue>
        {
            [NetworkGraph.Heatmaps] = graph.Input("maps", OnnxType.Float, 3 * Keypoints, map.Height, map.Width).Slice(1, 0, Keypoints),
        };
        maps.Add(PoseExtra.Offsets, new OnnxValue(graph, "maps", OnnxType.Float).Slice(1, Keypoints, 3 * Keypoints));
        graph.Output("keypoints", OnnxDecoding.Add(Decoders[decoder], maps, Keypoints, map, input)!.Together(), Keypoints, 3);
        using (var stream = File.Create(path))
        {
            OnnxWriter.Write(stream, graph, "decoder", "1", new Dictionary<string, string>());
        }

        using var session = new OnnxSession(path);
        var found = session.Run("maps", cat([heatmaps, offsets], 1).data<float>().ToArray(), Count * Kinds.Length, 3 * Keypoints, map.Height, map.Width)["keypoints"];
        var expected = Decoders[decoder].DecodePeople(
            new PoseOutput([[heatmaps]], new Dictionary<string, IReadOnlyList<Tensor>> { [PoseExtra.Offsets] = [offsets] }), input);
        for (var n = 0; n < expected.Count; n++)
        {
            for (var k = 0; k < Keypoints; k++)
            {
                var keypoint = expected[n][0].Keypoints[k];
                var what = $"{Kinds[n / Count]}, image {n % Count}, keypoint {k}";
                ShouldBe(found[n, k, 0], keypoint.X, what);
                ShouldBe(found[n, k, 1], keypoint.Y, what);
                ShouldBe(found[n, k, 2], keypoint.Score, what);
            }
        }
    }

    private static void ShouldBe(float found, double expected, string what)
    {
        // Both compute the same in double precision; what is left is the output's single precision.
        var tolerance = 1e-6 * Math.Max(1, Math.Abs(expected));
        (Math.Abs(found - expected) <= tolerance || (float.IsNaN(found) && double.IsNaN(expected)))
            .Should().BeTrue($"{what} should be {expected:R}, not {found:R}");
    }

    private static Tensor Maps(string kind, ImageSize map)
    {
        manual_seed(7);
        var noise = randn(Count, Keypoints, map.Height, map.Width);
        return kind switch
        {
            "noise" => noise,
            "negative" => -noise.abs() - 0.1,
            "zeros" => zeros_like(noise),
            "plateaus" => noise.round(),
            _ => Peaks(kind, map),
        };
    }

    private static Tensor Peaks(string kind, ImageSize map)
    {
        var random = new Random(3);
        var values = new float[Count * Keypoints * map.Height * map.Width];
        var at = 0;
        for (var i = 0; i < Count * Keypoints; i++)
        {
            var (x, y) = kind switch
            {
                // Exactly on a cell: neighbours are equal, and which of them comes second is a matter of the order of sums.
                "symmetric" => (random.Next(1, map.Width - 1), random.Next(1, map.Height - 1)),
                "edges" => (random.Next(2) * (map.Width - 1), (double)random.Next(map.Height)),
                _ => (random.NextDouble() * (map.Width - 1), random.NextDouble() * (map.Height - 1)),
            };
            for (var row = 0; row < map.Height; row++)
            {
                for (var column = 0; column < map.Width; column++)
                {
                    values[at++] = (float)(200 * Math.Exp(-((column - x) * (column - x) + (row - y) * (row - y)) / 4.5));
                }
            }
        }
        return tensor(values, [Count, Keypoints, map.Height, map.Width]);
    }
}
