using System.Text;
using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Coco;

public sealed class CocoCategoryTests : IDisposable
{
    private readonly CocoFiles _files = new();

    private JsonObject Own => (JsonObject)_files.Root["categories"]![0]!;

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Several_categories_with_keypoints_need_a_choice()
    {
        AddTool();

        FluentActions.Invoking(() => { Read().Schema(); })
            .ShouldFailNaming("test.json", "several categories list keypoints: creature (id 1), tool (id 2)*CocoReadOptions.Category");
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("Tool")]
    [InlineData("2")]
    public void A_category_is_chosen_by_name_or_id(string choice)
    {
        AddTool();
        _files.Annotations[1]!["category_id"] = 2;
        _files.Annotations[1]!["keypoints"] = new JsonArray(5, 6, 2);

        var file = Read(new CocoReadOptions { Category = choice });

        file.Schema().Keypoints.Should().Equal("tip");
        file.KeypointPeople().Select(p => p.Id).Should().Equal(101);
        file.People.Should().HaveCount(2);
    }

    [Fact]
    public void A_category_that_is_not_there_is_an_error_that_lists_those_that_are() =>
        FluentActions.Invoking(() => { Read(new CocoReadOptions { Category = "dog" }).Schema(); })
            .ShouldFailNaming("test.json", "no category 'dog'; there is creature (id 1)");

    [Fact]
    public void Objects_of_other_categories_are_no_people()
    {
        ((JsonArray)_files.Root["categories"]!).Add(new JsonObject { ["id"] = 2, ["name"] = "ball" });
        var ball = CocoFiles.Annotation(102, 7);
        ball.Remove("keypoints");
        ball["category_id"] = 2;
        _files.Annotations.Add(ball);

        var people = _files.Load();

        (people.Count, people.SkippedUnlabelled).Should().Be((2, 0));
    }

    [Fact]
    public void A_custom_set_has_no_sigmas_and_who_asks_for_oks_is_told_what_to_give()
    {
        var schema = Read().Schema();

        schema.Sigmas.Should().BeEmpty();
        FluentActions.Invoking(() => new OksSimilarity(schema)).Should().Throw<ArgumentException>()
            .WithMessage("*creature*no sigmas*give 3 numbers*KeypointSchema.Sigmas*");
    }

    [Fact]
    public void The_category_may_list_sigmas()
    {
        Own["sigmas"] = new JsonArray(0.025, 0.05, 0.05);

        Read().Schema().Sigmas.Should().Equal(0.025, 0.05, 0.05);
    }

    [Fact]
    public void Sigmas_that_do_not_fit_are_an_error()
    {
        Own["sigmas"] = new JsonArray(0.025, 0.05);

        FluentActions.Invoking(() => { Read().Schema(); }).ShouldFailNaming("test.json", "3 positive sigmas");
    }

    [Fact]
    public void Names_of_a_bundled_schema_bring_its_sigmas()
    {
        foreach (var bundled in KeypointSchemas.All)
        {
            Own["keypoints"] = new JsonArray([.. bundled.Keypoints.Select(k => (JsonNode)k)]);
            _files.Annotations.Clear();

            var schema = Read().Schema();

            schema.Sigmas.Should().Equal(bundled.Sigmas);
            schema.UpperBody.Should().Equal(bundled.UpperBody);
            schema.FlipPermutation.Should().Equal(bundled.FlipPermutation, $"{bundled.Name} calls left and right so");
        }
    }

    private void AddTool() =>
        ((JsonArray)_files.Root["categories"]!).Add(new JsonObject { ["id"] = 2, ["name"] = "tool", ["keypoints"] = new JsonArray("tip") });

    private CocoKeypointFile Read(CocoReadOptions? options = null) =>
        CocoKeypointFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(_files.Root.ToJsonString())), "test.json", options);
}
