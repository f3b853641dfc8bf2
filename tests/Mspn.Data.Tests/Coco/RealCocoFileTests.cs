using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Coco;

/// <summary>Published files, against what a whole-document parser sees in them.</summary>
public class RealCocoFileTests
{
    [SkippableTheory]
    [InlineData("coco-eval/example_coco_val.json")]
    [InlineData("coco-eval/example_crowdpose_val.json")]
    [InlineData("coco-eval/faster_coco_eval_gt_dataset.json")]
    [InlineData("coco-eval/person_keypoints_val2017_first538.json")]
    [InlineData("coco-mini/coco_mini_person_keypoints.json")]
    [InlineData("lspet/annotations/lspet_val.json")]
    public void Annotation_files_are_read_in_full(string name)
    {
        var path = RealData.Path(name.Split('/'));
        var expected = JsonNode.Parse(File.ReadAllText(path))!;

        var file = CocoKeypointFile.Load(path);

        var images = expected["images"]!.AsArray();
        file.Images.Should().Equal(images.Select(i => new CocoImageInfo(
            (long)i!["id"]!, (string?)i["file_name"], new ImageSize((int)i["height"]!, (int)i["width"]!), (double?)i["crowdIndex"])));
        var people = expected["annotations"]!.AsArray();
        file.People.Should().HaveSameCount(people);
        for (var i = 0; i < people.Count; i++)
        {
            var (person, node) = (file.People[i], people[i]!);
            (person.Id, person.ImageId, person.CategoryId, person.LabelledKeypoints, person.IsCrowd, person.Area).Should().Be((
                (long)node["id"]!, (long)node["image_id"]!, (long)node["category_id"]!, (int)node["num_keypoints"]!, (int)node["iscrowd"]! == 1,
                (double?)node["area"] ?? 0));
            double[] box = [person.Box.X, person.Box.Y, person.Box.Width, person.Box.Height];
            box.Should().Equal(Numbers(node["bbox"]!));
            person.Keypoints.SelectMany(k => new[] { k.X, k.Y, k.Visibility }).Should().Equal(Numbers(node["keypoints"]!));
        }
        file.Categories[0].Keypoints.Should().Equal(expected["categories"]![0]!["keypoints"]!.AsArray().Select(k => (string)k!));
    }

    [SkippableTheory]
    [InlineData("coco-eval/example_coco_preds.json")]
    [InlineData("coco-eval/example_crowdpose_preds.json")]
    [InlineData("coco-eval/faster_coco_eval_dt_dataset.json")]
    [InlineData("coco-eval/synthetic_keypoint_results_first538.json")]
    [InlineData("coco-eval/COCO_val2017_detections_AP_H_56_person_first538.json")]
    public void Result_files_are_read_in_full_and_written_the_same(string name)
    {
        var path = RealData.Path(name.Split('/'));
        var expected = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        using var folder = new TemporaryFolder();
        CocoResults.Write(folder.File("copy.json"), CocoResults.Read(path));

        var results = CocoResults.Read(folder.File("copy.json"));

        results.Should().HaveSameCount(expected);
        for (var i = 0; i < expected.Count; i++)
        {
            var (result, node) = (results[i], expected[i]!);
            (result.ImageId, result.CategoryId, result.Score).Should().Be(((long)node["image_id"]!, (long)node["category_id"]!, (double)node["score"]!));
            result.Keypoints.SelectMany(k => new[] { k.X, k.Y, k.Score }).Should().Equal(node["keypoints"] is { } keypoints ? Numbers(keypoints) : []);
            var box = result.Box is { } b ? new[] { b.X, b.Y, b.Width, b.Height } : [];
            box.Should().Equal(node["bbox"] is { } numbers ? Numbers(numbers) : []);
        }
    }

    [SkippableFact]
    public void Crowdposes_own_skeleton_does_not_fit_and_its_schema_does()
    {
        var file = CocoKeypointFile.Load(RealData.Path("coco-eval", "example_crowdpose_val.json"));

        FluentActions.Invoking(() => { file.Schema(); }).ShouldFailNaming(file.SourceName, "give a schema instead");
        file.Schema(KeypointSchemas.CrowdPose14).Should().Be(KeypointSchemas.CrowdPose14);
        CocoResults.Check(CocoResults.Read(RealData.Path("coco-eval", "example_crowdpose_preds.json")), "predictions", file);
    }

    [SkippableFact]
    public void Detected_people_are_paired_with_their_images()
    {
        var detections = RealData.Path("coco-mini", "coco_mini_detections_AP_H_56.json");
        var people = DetectedPeopleDataset.Load(
            RealData.Path("coco-mini", "coco_mini_person_keypoints.json"), detections, RealData.Path("coco-mini", "images"), leastScore: 0.5);

        people.Count.Should().Be(CocoResults.Read(detections).Count(r => r.Score >= 0.5));
        people.Schema.Sigmas.Should().Equal(KeypointSchemas.Coco17.Sigmas);
        people.LoadImage(0).Size.Should().Be(people[0].ImageSize!.Value);
    }

    [SkippableFact]
    public void Leeds_sports_poses_bring_their_sigmas_by_name() =>
        CocoKeypointFile.Load(RealData.Path("lspet", "annotations", "lspet_val.json")).Schema().Should().BeEquivalentTo(
            KeypointSchemas.Lsp14, o => o.Excluding(s => s.Name).Excluding(s => s.FlipPairs));

    private static IEnumerable<double> Numbers(JsonNode list) => list.AsArray().Select(n => (double)n!);
}
