using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public sealed class DetectedPeopleDatasetTests : IDisposable
{
    private static readonly CocoReadOptions Tolerant = new() { Tolerant = true };

    private readonly CocoFiles _files = new();
    private readonly TemporaryFolder _folder = new();

    private string Detections => _folder.File("detections.json");

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Detections_become_samples_with_their_scores()
    {
        Write(Detection(8, 0.9), Detection(7, 0.25), Detection(8, 0.5, category: 3), Detection(8, 0.5));
        var logger = new CapturingLogger();

        var people = Load(leastScore: 0.5, logger: logger);

        (people.Count, people.SkippedScores, people.SkippedCategories, people.LeastScore).Should().Be((2, 1, 1, 0.5));
        var person = people[1];
        (person.Id, person.ImageId, person.BoxScore, person.Area).Should().Be((3, 8, 0.5, 20 * 10.5));
        person.Box.Should().Be(new Box(3, 4, 20, 10.5));
        person.ImageSize.Should().Be(new ImageSize(CocoFiles.Height, CocoFiles.Width));
        person.ImageName.Should().Be(Path.Combine(_files.Images, "b.png"));
        person.Keypoints.Should().Equal(new Keypoint[3]);
        people.Schema.Keypoints.Should().Equal("nose", "left_hand", "right_hand");
        people.Truth.People.Should().HaveCount(2);
        logger.At(LogLevel.Information).Should().ContainSingle().Which.Should().Contain("2 detected people");
    }

    [Fact]
    public void Images_are_read_from_the_folder()
    {
        var image = TestImages.Noise(CocoFiles.Height, CocoFiles.Width);
        image.Save(Path.Combine(_files.Images, "b.png"));
        Write(Detection(8, 0.9));

        Load().LoadImage(0).Pixels.Should().Equal(image.Pixels);
    }

    [Fact]
    public void Test_images_without_annotations_will_do()
    {
        _files.Root.Remove("annotations");
        _files.Root.Remove("categories");
        Write(Detection(8, 0.9));

        Load(schema: KeypointSchemas.Coco17)[0].Keypoints.Should().HaveCount(17);
    }

    [Theory]
    [InlineData("image_id", "55", "result 1 of image 55 is of an image that *annotations.json does not list*'image_id'")]
    [InlineData("bbox", "[1, 2, 3, 0]", "result 1 of image 7 has no usable bbox*'bbox'")]
    [InlineData("bbox", "[100, 2, 3, 4]", "result 1 of image 7 has its box*'bbox'")]
    [InlineData("bbox", "[1, 2, 3, -1]", "result 1 of image 7 has no usable bbox*'bbox'")]
    [InlineData("score", "\"high\"", "result 1 of image 7 has text*'score'")]
    public void A_bad_detection_is_named_or_left_out(string field, string value, string problem)
    {
        var bad = Detection(7, 0.8);
        bad[field] = JsonNode.Parse(value);
        Write(Detection(8, 0.9), bad);

        FluentActions.Invoking(() => { Load(); }).ShouldFailNaming(Detections, problem);
        var people = Load(options: Tolerant);
        people.Count.Should().Be(1);
        people.Report.Problems.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public void Nobody_above_the_score_is_an_error()
    {
        Write(Detection(8, 0.3));

        FluentActions.Invoking(() => { Load(leastScore: 0.5); }).ShouldFailNaming(Detections, "nobody to use: 1 detections");
    }

    private static JsonObject Detection(long image, double score, int category = 1) => new()
    {
        ["image_id"] = image, ["category_id"] = category, ["bbox"] = new JsonArray(3, 4, 20, 10.5), ["score"] = score,
    };

    private void Write(params JsonNode[] detections) => File.WriteAllText(Detections, new JsonArray(detections).ToJsonString());

    private DetectedPeopleDataset Load(
        double leastScore = 0, KeypointSchema? schema = null, CocoReadOptions? options = null, CapturingLogger? logger = null)
    {
        File.WriteAllText(_files.Path, _files.Root.ToJsonString());
        return DetectedPeopleDataset.Load(_files.Path, Detections, _files.Images, leastScore, schema, options, logger: logger);
    }
}
