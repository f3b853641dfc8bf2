using System.Text;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;

namespace Mspn.Data.Tests.Coco;

public sealed class CocoKeypointFileTests : IDisposable
{
    private readonly CocoFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Images_people_and_categories_stand_there_as_in_the_file()
    {
        _files.Root["images"]![1]!["crowdIndex"] = 0.75;
        _files.First["ignore"] = 1;

        var file = Load();

        file.Images.Should().Equal(
            new CocoImageInfo(7, "a.png", new ImageSize(CocoFiles.Height, CocoFiles.Width)),
            new CocoImageInfo(8, "b.png", new ImageSize(CocoFiles.Height, CocoFiles.Width), 0.75));
        file.FindImage(8).Should().Be(file.Images[1]);
        file.FindImage(9).Should().BeNull();
        var person = file.People[0];
        (person.Id, person.ImageId, person.CategoryId, person.LabelledKeypoints, person.Area, person.IsCrowd, person.Ignore)
            .Should().Be((100, 7, 1, 2, 123.5, false, true));
        person.Box.Should().Be(new Box(4, 5, 30, 20));
        person.Keypoints.Should().Equal(new Keypoint(10, 11, 2), new Keypoint(20.5, 21, 1), new Keypoint(0, 0, 0));
        var category = file.Categories.Should().ContainSingle().Which;
        (category.Id, category.Name).Should().Be((1, "creature"));
        category.Skeleton.Should().Equal((1, 2), (1, 3));
        file.Report.Problems.Should().BeEmpty();
    }

    [Fact]
    public void The_lists_may_come_in_any_order()
    {
        var expected = Load();
        foreach (var order in new[] { new[] { "annotations", "images", "categories" }, ["annotations", "categories", "images"] })
        {
            var turned = new JsonObject(order.Select(key => KeyValuePair.Create(key, _files.Root[key]?.DeepClone())));
            Read(turned.ToJsonString()).People.Should().BeEquivalentTo(expected.People);
        }
    }

    [Fact]
    public void Segmentations_of_every_kind_are_skipped()
    {
        _files.First["segmentation"] = new JsonArray(new JsonArray(1.5, 2, 3, 4), new JsonArray());
        _files.Annotations[1]!["segmentation"] = new JsonObject { ["counts"] = new JsonArray(3, 4, 5), ["size"] = new JsonArray(2, 6) };
        _files.Annotations[1]!["iscrowd"] = 1;
        var compressed = CocoFiles.Annotation(102, 8);
        compressed["segmentation"] = new JsonObject { ["counts"] = "Y^b0\\\"", ["size"] = new JsonArray(2, 6) };
        _files.Annotations.Add(compressed);

        Load().People.Select(p => (p.Id, p.IsCrowd)).Should().Equal((100, false), (101, true), (102, false));
    }

    [Fact]
    public void What_may_be_missing_has_its_default()
    {
        var file = Read("""
            {"images": [{"id": 3}], "categories": [{"id": 9, "keypoints": ["a"]}],
             "annotations": [{"id": 5, "image_id": 3}, {"id": 6, "image_id": 3, "keypoints": [1, 2, 2], "bbox": null, "area": null}]}
            """);

        file.Images.Should().Equal(new CocoImageInfo(3, null, null));
        file.People.Should().BeEquivalentTo(
        [
            new CocoPerson { Id = 5, ImageId = 3, CategoryId = 9, Keypoints = [], LabelledKeypoints = 0 },
            new CocoPerson { Id = 6, ImageId = 3, CategoryId = 9, Keypoints = [new Keypoint(1, 2, 2)], LabelledKeypoints = 1 },
        ]);
    }

    [Fact]
    public void The_files_own_number_of_keypoints_counts()
    {
        _files.First["num_keypoints"] = 0;
        _files.Annotations[1]!.AsObject().Remove("num_keypoints");

        Load().People.Select(p => p.LabelledKeypoints).Should().Equal(0, 2);
    }

    [Fact]
    public void A_byte_order_mark_is_no_matter()
    {
        File.WriteAllText(_files.Path, _files.Root.ToJsonString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        CocoKeypointFile.Load(_files.Path).People.Should().HaveCount(2);
    }

    [Fact]
    public void Field_names_may_be_escaped() =>
        Read("""{"\u0069mages": [{"i\u0064": 3}], "annotations": [], "\ud800": 1}""").Images.Should().Equal(new CocoImageInfo(3, null, null));

    [Fact]
    public void Whole_numbers_may_be_written_as_decimals() =>
        Read("""{"images": [{"id": 3.0, "width": 6.4e2, "height": 480.0}]}""").Images.Should().Equal(new CocoImageInfo(3, null, new ImageSize(480, 640)));

    [Fact]
    public void Files_are_read_across_the_edges_of_the_buffer()
    {
        // Spaces move every token, and Python's NaN in a field that nobody needs, over the edge of the buffer.
        var people = string.Join(",\n   ", Enumerable.Range(0, 3000).Select(i => $$"""
            {{{new string(' ', i % 7)}}"extra": [NaN, -Infinity, {"x": Infinity}],
             "id": {{i}}, "image_id": 3, "keypoints": [{{i}}.25, 1e1, 2], "note": "é{{i}}"}
            """));

        var file = Read($$"""{"annotations": [{{people}}], "images": [{"id": 3}]}""");

        file.People.Should().HaveCount(3000);
        file.People.Should().OnlyContain(p => p.Keypoints[0] == new Keypoint(p.Id + 0.25, 10, 2));
    }

    [Fact]
    public void Progress_goes_from_nothing_to_all_of_the_file()
    {
        var seen = new List<double>();
        _files.First["segmentation"] = new string('x', 1 << 20);
        File.WriteAllText(_files.Path, _files.Root.ToJsonString());

        CocoKeypointFile.Load(_files.Path, progress: new Listener(seen.Add));

        seen.Should().HaveCountGreaterThan(2).And.BeInAscendingOrder().And.OnlyContain(f => f > 0 && f <= 1);
        seen[^1].Should().Be(1);
    }

    [Fact]
    public void Reading_can_be_cancelled_on_its_way()
    {
        using var source = new CancellationTokenSource();
        _files.First["segmentation"] = new string('x', 1 << 20);
        File.WriteAllText(_files.Path, _files.Root.ToJsonString());

        FluentActions.Invoking(() => CocoKeypointFile.Load(_files.Path, progress: new Listener(_ => source.Cancel()), cancellation: source.Token))
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Large_files_take_no_more_memory_than_what_is_kept_of_them()
    {
        var polygon = $"[[{string.Join(",", Enumerable.Repeat("123.25", 1_000_000))}]]";
        var text = Encoding.UTF8.GetBytes(_files.With(_files.First, "segmentation", polygon));
        var before = GC.GetAllocatedBytesForCurrentThread();

        CocoKeypointFile.Load(new MemoryStream(text), "large.json").People.Should().HaveCount(2);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void A_stream_stays_open_and_need_not_seek()
    {
        using var stream = new MemoryStream("""{"images": [{"id": 1}]}"""u8.ToArray());

        CocoKeypointFile.Load(stream, "stream").HasAnnotations.Should().BeFalse();

        stream.CanRead.Should().BeTrue();
    }

    private CocoKeypointFile Load()
    {
        File.WriteAllText(_files.Path, _files.Root.ToJsonString());
        return CocoKeypointFile.Load(_files.Path);
    }

    private static CocoKeypointFile Read(string json) => CocoKeypointFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)), "test.json");

    private sealed class Listener(Action<double> heard) : IProgress<double>
    {
        public void Report(double value) => heard(value);
    }
}
