using System.Text;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;

namespace Mspn.Data.Tests.Coco;

/// <summary>Damaged files are read or refused; no other exception gets out.</summary>
public sealed class CocoFuzzTests
{
    private const int Inputs = 4000;

    private static readonly string[] Splices =
    [
        "NaN", "-Infinity", "1e999", "-1", "0", "null", "true", "{}", "[]", "\"\\ud800\"", "\"x\"", "1.5", "99999999999999999999",
        ",", "]", "}", "\"", "\\", "[[[[", "\"id\":", "\u0000", "1e-99999", "-0", "//", "7",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Annotation_files(bool tolerant)
    {
        using var files = new CocoFiles();
        files.First["segmentation"] = new JsonArray(1, 2);
        var options = new CocoReadOptions { Tolerant = tolerant };
        Mutate(files.Root.ToJsonString(), bytes =>
        {
            var file = CocoKeypointFile.Load(new MemoryStream(bytes), "fuzz.json", options);
            file.Schema();
            return file.People.All(p => file.FindImage(p.ImageId) is not null && p.Keypoints.All(k => double.IsFinite(k.X) && double.IsFinite(k.Y)));
        });
    }

    [Fact]
    public void Result_files()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("results.json");
        CocoResults.Write(path,
        [
            new CocoResult { ImageId = 7, Keypoints = [new KeypointPrediction(1, 2.5, 0.5), new KeypointPrediction(4, 5, 6)], Score = 0.25 },
            new CocoResult { ImageId = 8, Box = new Box(1, 2, 3, 4), Score = 1 },
        ]);
        Mutate(
            File.ReadAllText(path), bytes => CocoResults.Read(new MemoryStream(bytes), "fuzz.json").All(r => double.IsFinite(r.Score)));
    }

    private static void Mutate(string good, Func<byte[], bool> isSound)
    {
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(good).ToList();
            for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Splices[random.Next(Splices.Length)]));
                        break;
                    default:
                        // In the place of a whole value.
                        var (begin, end) = (at, at);
                        while (begin > 0 && bytes[begin - 1] is not ((byte)',' or (byte)':' or (byte)'['))
                        {
                            begin--;
                        }
                        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)']' or (byte)'}'))
                        {
                            end++;
                        }
                        bytes.RemoveRange(begin, end - begin);
                        bytes.InsertRange(begin, Encoding.UTF8.GetBytes(Splices[random.Next(Splices.Length)]));
                        break;
                }
            }
            try
            {
                isSound([.. bytes]).Should().BeTrue();
            }
            catch (PoseDataException)
            {
                refused++;
            }
        }
        refused.Should().BeInRange(Inputs / 10, Inputs - Inputs / 100, "most damage is noticed, and some does not matter");
    }
}
