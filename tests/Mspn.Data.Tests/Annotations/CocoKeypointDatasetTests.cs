using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public sealed class CocoKeypointDatasetTests : IDisposable
{
    private readonly CocoFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void People_are_read_as_they_are_annotated()
    {
        var dataset = _files.Load();

        dataset.Count.Should().Be(2);
        var person = dataset[0];
        (person.Id, person.ImageId, person.Area, person.BoxScore).Should().Be((100, 7, 123.5, 1));
        person.Box.Should().Be(new Box(4, 5, 30, 20));
        person.Keypoints.Should().Equal(new Keypoint(10, 11, 2), new Keypoint(20.5, 21, 1), new Keypoint(0, 0, 0));
        (dataset.SkippedCrowds, dataset.SkippedUnlabelled).Should().Be((0, 0));
    }

    [Fact]
    public void Images_are_read_from_the_folder()
    {
        var image = TestImages.Noise(CocoFiles.Height, CocoFiles.Width);
        image.Save(Path.Combine(_files.Images, "b.png"));

        _files.Load().LoadImage(1).Pixels.Should().Equal(image.Pixels);
    }

    [Fact]
    public void A_missing_image_is_an_error_that_names_it()
    {
        var dataset = _files.Load();

        FluentActions.Invoking(() => dataset.LoadImage(0)).ShouldFailNaming(Path.Combine(_files.Images, "a.png"));
    }

    [Fact]
    public void The_schema_comes_from_the_files_own_category()
    {
        var schema = _files.Load().Schema;

        schema.Name.Should().Be("creature");
        schema.Keypoints.Should().Equal("nose", "left_hand", "right_hand");
        schema.FlipPairs.Should().Equal((1, 2));
        schema.Skeleton.Should().Equal((0, 1), (0, 2));
    }

    [Fact]
    public void Crowds_and_unlabelled_people_are_left_out_and_counted()
    {
        var crowd = CocoFiles.Annotation(102, 7);
        crowd["iscrowd"] = 1;
        crowd["keypoints"] = new JsonArray(0, 0, 0);
        var unlabelled = CocoFiles.Annotation(103, 7);
        unlabelled["keypoints"] = new JsonArray(0, 0, 0, 0, 0, 0, 0, 0, 0);
        _files.Annotations.Add(crowd);
        _files.Annotations.Add(unlabelled);

        var dataset = _files.Load();

        (dataset.Count, dataset.SkippedCrowds, dataset.SkippedUnlabelled).Should().Be((2, 1, 1));
    }

    [Fact]
    public void Boxes_of_those_left_out_are_ignored_regions_of_the_same_image()
    {
        var crowd = CocoFiles.Annotation(102, 7);
        (crowd["iscrowd"], crowd["bbox"]) = (1, new JsonArray(1, 2, 20, 10));
        var unlabelled = CocoFiles.Annotation(103, 7);
        (unlabelled["keypoints"], unlabelled["bbox"]) = (new JsonArray(0, 0, 0, 0, 0, 0, 0, 0, 0), new JsonArray(30, 5, 8, 9));
        var nowhere = CocoFiles.Annotation(104, 7);
        (nowhere["iscrowd"], nowhere["bbox"]) = (1, new JsonArray());
        foreach (var annotation in new[] { crowd, unlabelled, nowhere })
        {
            _files.Annotations.Add(annotation);
        }

        var dataset = _files.Load();

        dataset[0].Ignored.Should().Equal(new Box(1, 2, 20, 10), new Box(30, 5, 8, 9));
        dataset[1].Ignored.Should().BeEmpty("it is of another image");
    }

    [Fact]
    public void The_images_size_is_the_files()
    {
        ((JsonObject)_files.Root["images"]!.AsArray()[1]!)["width"] = 0;

        var dataset = _files.Load();

        dataset[0].ImageSize.Should().Be(new ImageSize(CocoFiles.Height, CocoFiles.Width));
        dataset[1].ImageSize.Should().BeNull();
    }

    [Fact]
    public void Keypoints_under_other_names_are_taken_in_their_order()
    {
        var schema = _files.Load().Schema with { Keypoints = ["snout", "left_paw", "right_paw"] };

        _files.Load(schema).Schema.Keypoints[0].Should().Be("snout");
    }
}
