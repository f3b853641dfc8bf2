using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public sealed class CocoTolerantTests : IDisposable
{
    private readonly CocoFiles _files = new();
    private readonly CapturingLogger _logger = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Bad_annotations_are_left_out_counted_and_logged_with_their_ids()
    {
        Add(200, a => a["keypoints"] = new JsonArray(1, 2, 2));
        Add(201, a => a["bbox"] = new JsonArray(1, 2, -3, 4));
        Add(202, a => a["image_id"] = 99);
        Add(203, a => a["bbox"] = new JsonArray(CocoFiles.Width + 1, 2, 3, 4));
        Add(204, a => a["area"] = -1);
        Add(205, a => a["keypoints"] = new JsonArray(1, 2, 3, 0, 0, 0, 0, 0, 0));
        Add(206, a => a.Remove("bbox"));
        Add(207, a => a["category_id"] = 5);
        Add(208, a => a["keypoints"] = "none");
        Add(101, a => a["area"] = 1);

        var people = Load(_files.Root.ToJsonString());

        Enumerable.Range(0, people.Count).Select(i => people[i].Id).Should().Equal(100, 101);
        people.Report.Counts.Should().BeEquivalentTo(new Dictionary<CocoFault, int>
        {
            [CocoFault.KeypointCount] = 1,
            [CocoFault.Box] = 2,
            [CocoFault.UnknownImage] = 1,
            [CocoFault.BoxOutsideImage] = 1,
            [CocoFault.Area] = 1,
            [CocoFault.Visibility] = 1,
            [CocoFault.UnknownCategory] = 1,
            [CocoFault.WrongType] = 1,
            [CocoFault.Duplicate] = 1,
        });
        people.Report.Problems.Select(p => p.Id).Should().BeEquivalentTo([200, 201, 202, 203, 204, 205, 206, 207, 208, 101]);
        people.Report.Problems.Single(p => p.Id == 204).Should().Be(
            new CocoProblem(CocoFault.Area, "annotation 204", 204, "area", "has the negative area -1"));
        var warnings = _logger.At(LogLevel.Warning).ToList();
        warnings.Should().HaveCount(9).And.OnlyContain(w => w.Contains(_files.Path));
        warnings.Should().ContainSingle(w => w.Contains("annotation 201, annotation 206"));
    }

    [Fact]
    public void Pythons_nan_is_left_out_with_its_annotation()
    {
        var json = _files.With(_files.First, "keypoints", "[NaN, Infinity, 2, 4, -Infinity, 2, 0, 0, 0]");

        var people = Load(json);

        people.Count.Should().Be(1);
        people.Report.Problems.Should().ContainSingle().Which.Should().Match<CocoProblem>(p => p.Fault == CocoFault.NotFinite && p.Id == 100);
    }

    [Fact]
    public void A_bad_image_is_left_out_with_everybody_in_it()
    {
        ((JsonObject)_files.Root["images"]![0]!).Remove("file_name");

        var people = Load(_files.Root.ToJsonString());

        people.Count.Should().Be(1);
        people.Report.Problems.Select(p => (p.Fault, p.Item)).Should().Equal(
            (CocoFault.Missing, "image 7"), (CocoFault.UnknownImage, "annotation 100"));
        people.Report.ToString().Should().Be("left out 1 for Missing, 1 for UnknownImage");
    }

    [Fact]
    public void A_good_file_has_nothing_to_report()
    {
        var report = Load(_files.Root.ToJsonString()).Report;

        report.Problems.Should().BeEmpty();
        report.ToString().Should().Be("nothing left out");
        _logger.At(LogLevel.Warning).Should().BeEmpty();
    }

    [Fact]
    public void Nobody_left_is_an_error_all_the_same()
    {
        _files.Annotations.RemoveAt(1);
        _files.First["area"] = -1;

        FluentActions.Invoking(() => { Load(_files.Root.ToJsonString()); }).ShouldFailNaming(_files.Path, "1 could not be used");
    }

    private void Add(long id, Action<JsonObject> spoil)
    {
        var annotation = CocoFiles.Annotation(id, 7);
        spoil(annotation);
        _files.Annotations.Add(annotation);
    }

    private CocoKeypointDataset Load(string json)
    {
        File.WriteAllText(_files.Path, json);
        return CocoKeypointDataset.Load(_files.Path, _files.Images, logger: _logger, options: new CocoReadOptions { Tolerant = true });
    }
}
