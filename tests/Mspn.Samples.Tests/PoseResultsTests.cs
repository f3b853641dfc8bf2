using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples.Tests;

public sealed class PoseResultsTests : IDisposable
{
    private static readonly KeypointSchema Schema = new() { Name = "one", Keypoints = ["head"], Skeleton = [] };
    private static readonly Pose Pose = new(Schema, [new KeypointPrediction(3.5, 4.25, 0.5)], new Box(1, 2, 30, 40), 0.5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_called_by_numbers_keep_them() => Numbers("a/000000000139.jpg", "a/7.png").Should().Equal(139, 7);

    [Theory]
    [InlineData("a/139.jpg", "a/photo.jpg")]
    [InlineData("a/139.jpg", "b/139.jpg")]
    public void Others_are_counted(string first, string second) => Numbers(first, second).Should().Equal(1, 2);

    [Fact]
    public void Detections_can_be_taken_from_what_was_written()
    {
        Numbers("a/139.jpg", "b/139.jpg");
        var read = CocoResults.Read(_folder.File("poses.json"))[0];
        read.Should().BeEquivalentTo(new CocoResult { ImageId = 1, ImageName = "a/139.jpg", Keypoints = Pose.Keypoints, Box = Pose.Box, Score = Pose.Score });
        using var detector = ListedPersonDetector.Load(_folder.File("poses.json"));
        detector.Detect(new RgbImage(50, 50), "b/139.jpg").Should().Equal(new PersonBox(Pose.Box, Pose.Score));
    }

    private IEnumerable<long> Numbers(params string[] files)
    {
        var results = new PoseResults(files);
        for (var i = 0; i < files.Length; i++)
        {
            results.Add(i, [Pose]);
        }
        results.Save(_folder.File("poses.json"));
        return CocoResults.Read(_folder.File("poses.json")).Select(result => result.ImageId);
    }
}
