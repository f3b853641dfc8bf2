using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public sealed class CocoKeypointErrorTests : IDisposable
{
    private readonly CocoFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_wrong_number_of_keypoints_names_the_annotation()
    {
        _files.First["keypoints"] = new JsonArray(10, 11, 2);

        ShouldFail("annotation 100 has 3 keypoint numbers");
    }

    [Fact]
    public void Missing_keypoints_name_the_annotation()
    {
        _files.First.Remove("keypoints");

        ShouldFail("annotation 100");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    public void An_unknown_visibility_names_the_annotation_and_the_keypoint(double visibility)
    {
        _files.First["keypoints"] = new JsonArray(10, 11, 2, 20, 21, visibility, 0, 0, 0);

        ShouldFail("annotation 100 gives left_hand");
    }

    [Fact]
    public void An_unlisted_image_names_the_annotation_and_the_image()
    {
        _files.First["image_id"] = 55;

        ShouldFail("annotation 100 belongs to image 55");
    }

    [Fact]
    public void An_annotation_id_that_appears_twice_is_named()
    {
        _files.Annotations.Add(CocoFiles.Annotation(101, 7));

        ShouldFail("annotation id 101 appears twice");
    }

    [Fact]
    public void An_image_id_that_appears_twice_is_named()
    {
        ((JsonArray)_files.Root["images"]!).Add(CocoFiles.Image(8, "c.png"));

        ShouldFail("image id 8 appears twice");
    }

    [Fact]
    public void An_image_without_a_file_name_is_named()
    {
        ((JsonObject)_files.Root["images"]![0]!).Remove("file_name");

        ShouldFail("image 7 has no file_name");
    }

    [Fact]
    public void An_empty_file_name_is_none()
    {
        _files.Root["images"]![0]!["file_name"] = "";

        ShouldFail("image 7 has no file_name");
    }

    [Fact]
    public void A_box_outside_its_image_names_the_annotation()
    {
        _files.First["bbox"] = new JsonArray(CocoFiles.Width + 1, 5, 30, 20);

        ShouldFail("annotation 100 has its box");
    }

    [Theory]
    [InlineData("[1, 2, 3]")]
    [InlineData("[1, 2, 0, 4]")]
    [InlineData("[1, 2, 3, -4]")]
    [InlineData("null")]
    public void An_unusable_box_names_the_annotation(string box)
    {
        _files.First["bbox"] = JsonNode.Parse(box);

        ShouldFail("annotation 100 has no usable bbox");
    }

    [Fact]
    public void A_file_with_nobody_to_use_says_why()
    {
        _files.First["iscrowd"] = 1;
        _files.Annotations.RemoveAt(1);

        ShouldFail("1 are crowds");
    }

    [Fact]
    public void Keypoints_in_another_order_are_refused()
    {
        var schema = _files.Load().Schema;

        ShouldFail("orders the keypoints", schema with { Keypoints = ["nose", "right_hand", "left_hand"] });
    }

    [Fact]
    public void A_schema_of_another_size_is_refused() => ShouldFail("3 keypoints", KeypointSchemas.Coco17);

    [Fact]
    public void A_file_without_a_category_needs_a_schema()
    {
        _files.Root.Remove("categories");

        ShouldFail("no schema was given");
    }

    [Fact]
    public void A_category_that_does_not_fit_itself_is_refused()
    {
        _files.Root["categories"]![0]!["skeleton"] = new JsonArray(new JsonArray(1, 9));

        ShouldFail("index 8");
    }

    [Theory]
    [InlineData("{\"images\": [")]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("{\"images\": []}")]
    [InlineData("{\"images\": [], \"annotations\": [{\"id\": \"one\"}]}")]
    [InlineData("null")]
    public void A_damaged_file_is_an_error_that_names_it(string json)
    {
        File.WriteAllText(_files.Path, json);

        FluentActions.Invoking(() => CocoKeypointDataset.Load(_files.Path, _files.Images)).ShouldFailNaming(_files.Path);
    }

    [Fact]
    public void A_missing_annotation_file_is_an_error_that_names_it() =>
        FluentActions.Invoking(() => CocoKeypointDataset.Load(_files.Path, _files.Images)).ShouldFailNaming(_files.Path, "does not exist");

    [Fact]
    public void A_missing_image_folder_is_an_error_that_names_it()
    {
        _files.Load();
        Directory.Delete(_files.Images);

        FluentActions.Invoking(() => CocoKeypointDataset.Load(_files.Path, _files.Images)).ShouldFailNaming(_files.Images, "does not exist");
    }

    private void ShouldFail(string problem, KeypointSchema? schema = null) =>
        FluentActions.Invoking(() => { _files.Load(schema); }).ShouldFailNaming(_files.Path, problem);
}
