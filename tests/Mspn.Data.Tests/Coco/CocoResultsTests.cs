using System.Text;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Coco;

public sealed class CocoResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("results.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Poses_and_boxes_are_read_and_other_fields_skipped()
    {
        File.WriteAllText(Path, """
            [{"bbox": [385.299, 63.062, 113.926, 285.743], "category_id": 3, "image_id": 397133, "score": 0.99961},
             {"center": [1, 2], "image_id": 785, "keypoints": [367.7765197753906, 79, 0.964827835559845, 1, 2, -0.5], "score": 2, "info": {"a": [NaN]}}]
            """);

        CocoResults.Read(Path).Should().BeEquivalentTo(
        [
            new CocoResult { ImageId = 397133, CategoryId = 3, Box = new Box(385.299, 63.062, 113.926, 285.743), Score = 0.99961 },
            new CocoResult
            {
                ImageId = 785,
                Keypoints = [new KeypointPrediction(367.7765197753906, 79, 0.964827835559845), new KeypointPrediction(1, 2, -0.5)],
                Score = 2,
            },
        ]);
    }

    [Fact]
    public void What_is_written_is_read_to_the_bit()
    {
        var random = new Random(7);
        double Any() => random.Next(4) switch
        {
            0 => random.Next(-5, 2000),
            1 => random.NextDouble() * 640,
            2 => (float)random.NextDouble(),
            _ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-1000, 1000)),
        };
        var results = Enumerable.Range(0, 2000).Select(i => new CocoResult
        {
            ImageId = long.MaxValue - i,
            CategoryId = i % 3,
            Keypoints = [.. Enumerable.Range(0, i % 2 * 17).Select(_ => new KeypointPrediction(Any(), Any(), Any()))],
            Box = i % 3 == 1 ? null : new Box(Any(), Any(), Math.Abs(Any()), Math.Abs(Any())),
            Score = Any(),
        }).Where(r => r.Keypoints.Count > 0 || r.Box is not null).ToList();

        CocoResults.Write(Path, results);

        var read = CocoResults.Read(Path);
        read.Should().HaveSameCount(results);
        for (var i = 0; i < read.Count; i++)
        {
            (read[i].ImageId, read[i].CategoryId, read[i].Box, read[i].Score)
                .Should().Be((results[i].ImageId, results[i].CategoryId, results[i].Box, results[i].Score));
            read[i].Keypoints.Should().Equal(results[i].Keypoints);
        }
    }

    [Fact]
    public void A_keypoint_that_was_not_found_is_written_as_zeros()
    {
        CocoResults.Write(Path, [new CocoResult { ImageId = 1, Keypoints = [KeypointPrediction.Missing, new KeypointPrediction(1, 2, 3)], Score = 1 }]);

        CocoResults.Read(Path)[0].Keypoints.Should().Equal(new KeypointPrediction(0, 0, 0), new KeypointPrediction(1, 2, 3));
    }

    [Fact]
    public void An_empty_list_is_a_result_file()
    {
        CocoResults.Write(Path, []);

        CocoResults.Read(Path).Should().BeEmpty();
    }

    [Fact]
    public void A_failed_writing_leaves_the_old_file_alone()
    {
        File.WriteAllText(Path, "old");

        foreach (var bad in new[]
        {
            new CocoResult { ImageId = 5, Score = 1 },
            new CocoResult { ImageId = 5, Score = double.NaN, Box = new Box(1, 2, 3, 4) },
            new CocoResult { ImageId = 5, Score = 1, Keypoints = [new KeypointPrediction(1, double.PositiveInfinity, 1)] },
            new CocoResult { ImageId = 5, Score = 1, Keypoints = [KeypointPrediction.Missing with { Score = 0.5 }] },
        })
        {
            FluentActions.Invoking(() => CocoResults.Write(Path, [bad])).Should().Throw<ArgumentException>().WithMessage("*image 5*");
        }

        File.ReadAllText(Path).Should().Be("old");
        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Should().ContainSingle();
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\"images\": []}", "which is a list")]
    [InlineData("3", "not a list")]
    [InlineData("[{\"image_id\": 1", "the JSON cannot be read in results[0]")]
    [InlineData("[[]]", "result 0 is not an object")]
    [InlineData("[{\"image_id\": 1, \"bbox\": [1, 2, 3, 4]}]", "result 0 of image 1 has no score*'score'")]
    [InlineData("[{\"bbox\": [1, 2, 3, 4], \"score\": 1}]", "result 0 has no image_id*'image_id'")]
    [InlineData("[{\"image_id\": 1, \"score\": 1}]", "result 0 of image 1 has neither keypoints nor a bbox")]
    [InlineData("[{\"score\": NaN, \"image_id\": 1, \"bbox\": [1, 2, 3, 4]}]", "result 0 of image 1 has a number that is NaN*'score'")]
    [InlineData("[{\"score\": \"1\", \"image_id\": 1, \"bbox\": [1, 2, 3, 4]}]", "result 0 of image 1 has text*'score'")]
    [InlineData("[{\"score\": 1, \"image_id\": \"a.jpg\", \"bbox\": [1, 2, 3, 4]}]", "result 0 has text*'image_id'")]
    [InlineData("[{\"score\": 1, \"image_id\": 1, \"bbox\": [1, 2, 3, -4]}]", "result 0 of image 1 has no usable bbox*'bbox'")]
    [InlineData("[{\"score\": 1, \"image_id\": 1, \"bbox\": [1, 2, 3]}]", "result 0 of image 1 has no usable bbox*'bbox'")]
    [InlineData("[{\"score\": 1, \"image_id\": 1, \"keypoints\": [1, 2]}]", "result 0 of image 1 has 2 keypoint numbers*'keypoints'")]
    [InlineData("[{\"score\": 1, \"image_id\": 1, \"keypoints\": [1, 1e999, 1]}]", "result 0 of image 1 has a number that is NaN*'keypoints'")]
    public void A_bad_result_is_one_error_that_names_it(string json, string problem)
    {
        File.WriteAllText(Path, json);

        FluentActions.Invoking(() => { CocoResults.Read(Path); }).ShouldFailNaming(Path, problem);
    }

    [Fact]
    public void Results_are_checked_against_their_ground_truth()
    {
        using var files = new CocoFiles();
        var truth = CocoKeypointFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(files.Root.ToJsonString())), "truth.json");
        var pose = new CocoResult { ImageId = 7, Keypoints = new KeypointPrediction[3], Score = 1 };

        CocoResults.Check([pose, pose with { ImageId = 8 }], "mine.json", truth);

        FluentActions.Invoking(() => CocoResults.Check([pose, pose with { ImageId = 9 }], "mine.json", truth))
            .ShouldFailNaming("mine.json", "result 1 of image 9 is of an image that truth.json does not list*'image_id'");
        FluentActions.Invoking(() => CocoResults.Check([pose with { Keypoints = new KeypointPrediction[4] }], "mine.json", truth))
            .ShouldFailNaming("mine.json", "result 0 of image 7 has 12 keypoint numbers*'keypoints'");
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() =>
        FluentActions.Invoking(() => { CocoResults.Read(Path); }).ShouldFailNaming(Path, "does not exist");
}
