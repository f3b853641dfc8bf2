using System.Text;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Coco;

/// <summary>Every kind of bad input is one error that names the file, the id and the field.</summary>
public sealed class CocoKeypointFileErrorTests : IDisposable
{
    private readonly CocoFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("id", "101", "annotation id 101 appears twice*'id'")]
    [InlineData("id", "\"one\"", "annotations[0] has text where a whole number belongs*'id'")]
    [InlineData("id", "1.5", "annotations[0] has 1.5 where a whole number belongs*'id'")]
    [InlineData("id", "1e30", "annotations[0]*whole number*'id'")]
    [InlineData("id", "99999999999999999999", "annotations[0]*whole number*'id'")]
    [InlineData("id", "null", "annotations[0] has no id*'id'")]
    [InlineData("image_id", "55", "annotation 100 belongs to image 55*'image_id'")]
    [InlineData("image_id", "[7]", "annotation 100 has a list where a whole number belongs*'image_id'")]
    [InlineData("image_id", "null", "annotation 100 has no image_id*'image_id'")]
    [InlineData("category_id", "4", "annotation 100 belongs to category 4*'category_id'")]
    [InlineData("category_id", "true", "annotation 100 has true or false*'category_id'")]
    [InlineData("keypoints", "[1, 2, 2, 3]", "annotation 100 has 4 keypoint numbers*'keypoints'")]
    [InlineData("keypoints", "[1, 2, 2, 3, 4, 2]", "annotation 100 has 6 keypoint numbers*'keypoints'")]
    [InlineData("keypoints", "[NaN, 2, 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, 2, 2, 3,\n  -Infinity, 2, 0, 0, 0]", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, 2, 2, 3, Infinity]", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, 1e999, 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, 1e99999999999, 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, \"2\", 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has text where a number belongs*'keypoints'")]
    [InlineData("keypoints", "[1, [2], 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has a list where a number belongs*'keypoints'")]
    [InlineData("keypoints", "[1, null, 2, 3, 4, 2, 0, 0, 0]", "annotation 100 has null where a number belongs*'keypoints'")]
    [InlineData("keypoints", "{\"x\": 1}", "annotation 100 has an object where a list of numbers belongs*'keypoints'")]
    [InlineData("keypoints", "\"none\"", "annotation 100 has text where a list of numbers belongs*'keypoints'")]
    [InlineData("keypoints", "NaN", "annotation 100 has a number that is NaN or infinite*'keypoints'")]
    [InlineData("keypoints", "[1, 2, 2, 3, 4, 7, 0, 0, 0]", "annotation 100 gives left_hand the visibility 7*'keypoints'")]
    [InlineData("num_keypoints", "-1", "annotation 100 has the impossible value -1*'num_keypoints'")]
    [InlineData("num_keypoints", "2.5", "annotation 100 has 2.5 where a whole number belongs*'num_keypoints'")]
    [InlineData("bbox", "[1, 2, 3]", "annotation 100 has no usable bbox*1, 2, 3*'bbox'")]
    [InlineData("bbox", "[1, 2, -3, 4]", "annotation 100 has no usable bbox*'bbox'")]
    [InlineData("bbox", "[1, 2, 3, 0]", "annotation 100 has no usable bbox*'bbox'")]
    [InlineData("bbox", "[1, 2, NaN, 4]", "annotation 100 has a number that is NaN or infinite*'bbox'")]
    [InlineData("bbox", "[1, 2, \"3\", 4]", "annotation 100 has text where a number belongs*'bbox'")]
    [InlineData("area", "-0.5", "annotation 100 has the negative area -0.5*'area'")]
    [InlineData("area", "NaN", "annotation 100 has a number that is NaN or infinite*'area'")]
    [InlineData("area", "\"12\"", "annotation 100 has text where a number belongs*'area'")]
    [InlineData("iscrowd", "\"no\"", "annotation 100 has something other than 0 or 1*'iscrowd'")]
    [InlineData("iscrowd", "2", "annotation 100 has something other than 0 or 1*'iscrowd'")]
    [InlineData("ignore", "{}", "annotation 100 has something other than 0 or 1*'ignore'")]
    public void A_bad_field_of_an_annotation_is_named(string field, string value, string problem)
    {
        if (field != "id")
        {
            // Behind the field, as in COCO's own files.
            _files.First.Remove("id");
            _files.First["id"] = 100;
        }
        Failing(_files.With(_files.First, field, value)).ShouldFailNaming(_files.Path, problem);
    }

    [Theory]
    [InlineData("id", "8", "image id 8 appears twice*'id'")]
    [InlineData("id", "\"7\"", "images[0] has text where a whole number belongs*'id'")]
    [InlineData("id", "null", "images[0] has no id*'id'")]
    [InlineData("width", "-3", "image 7 has the impossible value -3*'width'")]
    [InlineData("height", "3.5", "image 7 has 3.5 where a whole number belongs*'height'")]
    [InlineData("height", "4294967296", "image 7 has the impossible value 4294967296*'height'")]
    [InlineData("file_name", "12", "image 7 has a number where text belongs*'file_name'")]
    [InlineData("file_name", "\"\\ud800\"", "image 7 has text that is not Unicode*'file_name'")]
    [InlineData("crowdIndex", "NaN", "image 7 has a number that is NaN or infinite*'crowdIndex'")]
    public void A_bad_field_of_an_image_is_named(string field, string value, string problem) =>
        Failing(_files.With((JsonObject)_files.Root["images"]![0]!, field, value)).ShouldFailNaming(_files.Path, problem);

    [Theory]
    [InlineData("keypoints", "[\"a\", 2]", "category 1 has a number where a name belongs*'keypoints'")]
    [InlineData("keypoints", "\"a\"", "category 1 has text where a list of names belongs*'keypoints'")]
    [InlineData("skeleton", "[[1, 2, 3]]", "category 1 has an entry that is not two keypoints*'skeleton'")]
    [InlineData("skeleton", "[[0, 2]]", "category 1 has an entry that is not two keypoints*'skeleton'")]
    [InlineData("skeleton", "[[1, 1.5]]", "category 1 has something other than whole numbers*'skeleton'")]
    [InlineData("skeleton", "[1, 2]", "category 1 has a number where a pair belongs*'skeleton'")]
    [InlineData("name", "[]", "category 1 has a list where text belongs*'name'")]
    [InlineData("sigmas", "[NaN]", "category 1 has a number that is NaN or infinite*'sigmas'")]
    public void A_bad_field_of_a_category_is_named_and_not_tolerated(string field, string value, string problem)
    {
        var json = _files.With((JsonObject)_files.Root["categories"]![0]!, field, value);

        Failing(json).ShouldFailNaming(_files.Path, problem);
        Failing(json, new CocoReadOptions { Tolerant = true }).ShouldFailNaming(_files.Path, problem);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("null", "not a COCO keypoint file")]
    [InlineData("[1, 2]", "not a COCO keypoint file")]
    [InlineData("{}", "'images'")]
    [InlineData("{\"annotations\": []}", "'images'")]
    [InlineData("{\"images\": {}}", "'images' is not a list")]
    [InlineData("{\"images\": [], \"images\": []}", "'images' appears twice")]
    [InlineData("{\"images\": [3]}", "images[0] is not an object")]
    [InlineData("{\"images\": [{\"id\": 1}, [[1], {\"a\": 2}]]}", "images[1] is not an object")]
    [InlineData("{\"images\": [], \"categories\": [{\"id\": 1}, {\"id\": 1}]}", "category id 1 appears twice")]
    [InlineData("{\"images\": []} {}", "the JSON cannot be read")]
    [InlineData("{\"images\": [{\"id\": 1}, {\"id\": 2", "the JSON cannot be read in images[1]")]
    [InlineData("{\"images\": [{\"id\": 1}, {\"id\": NaNa}]}", "the JSON cannot be read in images[1]")]
    [InlineData("{\"images\": [{\"id\": Inf}]}", "the JSON cannot be read in images[0]")]
    [InlineData("NaN", "not a COCO keypoint file")]
    public void A_damaged_file_is_one_error_whether_strict_or_not(string json, string problem)
    {
        Failing(json).ShouldFailNaming(_files.Path, problem);
        if (!problem.EndsWith("object"))
        {
            Failing(json, new CocoReadOptions { Tolerant = true }).ShouldFailNaming(_files.Path, problem);
        }
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        var json = Encoding.UTF8.GetBytes(_files.Root.ToJsonString());
        for (var length = 0; length < json.Length; length += 7)
        {
            var cut = json[..length];
            FluentActions.Invoking(() => CocoKeypointFile.Load(new MemoryStream(cut), "cut.json")).Should().Throw<PoseDataException>()
                .Which.SourceName.Should().Be("cut.json");
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void Endless_nesting_is_an_error(string opening) =>
        Failing("{\"x\": " + string.Concat(Enumerable.Repeat(opening, 200_000))).ShouldFailNaming(_files.Path, "the JSON cannot be read");

    [Fact]
    public void A_value_without_end_is_an_error_that_says_so()
    {
        _files.First["segmentation"] = "PLACE";
        var json = _files.Root.ToJsonString().Replace("PLACE", new string('x', (16 << 20) + 1));

        Failing(json).ShouldFailNaming(_files.Path, "a single value at byte *longer than 16 MiB, in annotations[0]");
    }

    [Fact]
    public void A_list_of_too_many_numbers_is_an_error_that_names_it()
    {
        _files.First["bbox"] = new JsonArray(Enumerable.Range(0, 40_000).Select(i => (JsonNode)i).ToArray());

        Failing(_files.Root.ToJsonString()).ShouldFailNaming(_files.Path, "annotation 100 has more than 30000 numbers*'bbox'");
    }

    [Fact]
    public void Text_that_is_no_json_at_all_is_an_error()
    {
        File.WriteAllBytes(_files.Path, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]);

        FluentActions.Invoking(() => { CocoKeypointFile.Load(_files.Path); }).ShouldFailNaming(_files.Path, "the JSON cannot be read");
    }

    private Action Failing(string json, CocoReadOptions? options = null)
    {
        File.WriteAllText(_files.Path, json);
        return () => CocoKeypointFile.Load(_files.Path, options);
    }
}
