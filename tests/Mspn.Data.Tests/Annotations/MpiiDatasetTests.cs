using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public class MpiiDatasetTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_layouts_are_read_alike(bool bearpaw)
    {
        using var files = new MpiiFiles(bearpaw);

        var people = files.Load();

        people.Schema.Should().BeSameAs(KeypointSchemas.Mpii16);
        people.Count.Should().Be(3);
        Enumerable.Range(0, 3).Select(i => (people[i].Id, people[i].ImageId)).Should().Equal((0, 0), (1, 1), (2, 0));
        var first = people[0];
        first.ImageName.Should().Be(Path.Combine(files.Images, "b.jpg"));
        first.Keypoints.Should().Equal(Enumerable.Range(0, 16).Select(k => new Keypoint(99 + k, 199 + k, 2)), "files count pixels from 1");
        // A square of 200 × 2.5 around (110, 210 + 15 × 2.5), all counted from 0.
        first.Box.Should().Be(new Box(109 - 250, 246.5 - 250, 500, 500));
        first.Area.Should().BeApproximately(0.53 * 500 * 500, 1e-6);
        first.HeadSize.Should().BeNull();
        first.ImageSize.Should().Be(bearpaw ? new ImageSize(480, 640) : null);
    }

    [Fact]
    public void Joints_of_the_plain_layout_are_labelled_or_not()
    {
        using var files = new MpiiFiles(bearpaw: false);
        files.First["joints"]![3] = new JsonArray(-1.0, -1.0);
        files.First["joints_vis"]![3] = 0;

        var keypoints = files.Load()[0].Keypoints;

        keypoints[3].Should().Be(new Keypoint(0, 0, 0));
        keypoints.Count(k => k.Visibility == 2).Should().Be(15);
    }

    [Fact]
    public void Joints_of_bearpaws_layout_can_be_hidden_too()
    {
        using var files = new MpiiFiles(bearpaw: true);
        files.First["joint_self"]![3] = new JsonArray(0, 0, 0);
        files.First["joint_self"]![4] = new JsonArray(50.5, 60, 0);

        var keypoints = files.Load()[0].Keypoints;

        keypoints[3].Should().Be(new Keypoint(0, 0, 0));
        keypoints[4].Should().Be(new Keypoint(49.5, 59, 1));
    }

    [Theory]
    [InlineData(MpiiPart.Everybody, new long[] { 0, 1, 2 })]
    [InlineData(MpiiPart.Training, new long[] { 0 })]
    [InlineData(MpiiPart.Validation, new long[] { 1, 2 })]
    public void A_part_of_bearpaws_file_is_read(MpiiPart part, long[] ids)
    {
        using var files = new MpiiFiles(bearpaw: true);
        files.Root[2]!["isValidation"] = true;

        var people = files.Load(part);

        Enumerable.Range(0, people.Count).Select(i => people[i].Id).Should().Equal(ids);
    }

    [Fact]
    public void The_plain_layout_has_no_parts()
    {
        using var files = new MpiiFiles(bearpaw: false);

        FluentActions.Invoking(() => files.Load(MpiiPart.Validation)).ShouldFailNaming(files.Path, "annotation 0*isValidation*Validation");
    }

    [Fact]
    public void Head_sizes_come_with_the_people_in_the_files_order()
    {
        using var files = new MpiiFiles(bearpaw: true);
        files.Root[1]!["scale_provided"] = -1;
        File.WriteAllBytes(files.HeadBoxes, NpyFiles.Doubles("(2, 2, 2)", 1, 1, 9, 9, 10, 20, 40, 60));

        var people = files.Load(MpiiPart.Validation, files.HeadBoxes);

        people.Count.Should().Be(1);
        people.SkippedUnplaced.Should().Be(1);
        (people[0].Id, people[0].HeadSize).Should().Be((2, 0.6 * 50));
    }

    [Theory]
    [InlineData("(1, 2, 2)", 4, "1 head boxes for 3 people")]
    [InlineData("(4, 2, 2)", 16, "4 head boxes for 3 people")]
    [InlineData("(2, 2, 3)", 12, "head boxes must have the shape")]
    public void Head_boxes_of_others_are_refused(string shape, int count, string problem)
    {
        using var files = new MpiiFiles(bearpaw: false);
        File.WriteAllBytes(files.HeadBoxes, NpyFiles.Doubles(shape, new double[count]));

        FluentActions.Invoking(() => files.Load(headBoxes: files.HeadBoxes)).ShouldFailNaming(files.HeadBoxes, problem);
    }

    [Fact]
    public void People_without_a_place_or_joints_are_left_out_and_counted()
    {
        using var files = new MpiiFiles(bearpaw: false);
        files.First["center"] = new JsonArray(-1.0, -1.0);
        files.Root[1]!["joints_vis"] = new JsonArray([.. Enumerable.Range(0, 16).Select(_ => JsonValue.Create(0))]);

        var people = files.Load();

        (people.Count, people.SkippedUnplaced, people.SkippedUnlabelled, people[0].Id).Should().Be((1, 1, 1, 2));
        files.Root.RemoveAt(2);
        FluentActions.Invoking(() => files.Load()).ShouldFailNaming(files.Path, "nobody to use*Everybody*of 2 people, 1 *1 ");
    }

    public static TheoryData<bool, string, string?, string> Damage => new()
    {
        { false, "image", null, "annotation 1 *'image'*'img_paths'" },
        { false, "center", null, "annotation 1 *'center'" },
        { false, "center", "[1]", "annotation 1 *'center' of two" },
        { false, "center", "[1e999, 1]", "annotation 1 *'center' of two" },
        { false, "center", "\"x\"", "*$*1*.center" },
        { false, "scale", null, "annotation 1 *'scale'" },
        { false, "scale", "[]", "*$*1*.scale" },
        { false, "joints", null, "annotation 1 *'joints'" },
        { false, "joints", "[[1, 2]]", "annotation 1 *1 'joints', not 16" },
        { false, "joints_vis", null, "annotation 1 *0 'joints_vis', not 16" },
        { false, "joints_vis", "[1]", "annotation 1 *1 'joints_vis', not 16" },
        { true, "img_paths", null, "annotation 1 *'image'*'img_paths'" },
        { true, "objpos", null, "annotation 1 *'objpos'" },
        { true, "scale_provided", null, "annotation 1 *'scale_provided'" },
        { true, "joint_self", null, "annotation 1 *'joint_self'" },
        { true, "joint_self", "[null,[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]", "annotation 1 *3 numbers*joint_self*right_ankle" },
        { true, "isValidation", null, "annotation 1 *'isValidation'" },
        { true, "isValidation", "\"yes\"", "annotation 1 *'isValidation'" },
    };

    [Theory]
    [MemberData(nameof(Damage))]
    public void A_damaged_annotation_is_named_with_its_field(bool bearpaw, string field, string? value, string problem)
    {
        using var files = new MpiiFiles(bearpaw);
        files.Root[1]![field] = value is null ? null : JsonNode.Parse(value);

        FluentActions.Invoking(() => files.Load(bearpaw ? MpiiPart.Validation : MpiiPart.Everybody)).ShouldFailNaming(files.Path, problem);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[{\"image\": \"a")]
    [InlineData("[null]")]
    [InlineData("[]")]
    [InlineData("")]
    public void Another_file_is_an_error_that_names_it(string content)
    {
        using var files = new MpiiFiles(bearpaw: false);
        File.WriteAllText(files.Path, content);

        FluentActions.Invoking(() => { MpiiDataset.Load(files.Path, files.Images); }).ShouldFailNaming(files.Path);
    }

    [Fact]
    public void A_missing_file_or_folder_is_an_error_that_names_it()
    {
        using var files = new MpiiFiles(bearpaw: false);
        FluentActions.Invoking(() => { MpiiDataset.Load(files.Path, files.Images); }).ShouldFailNaming(files.Path, "does not exist");

        Directory.Delete(files.Images);
        FluentActions.Invoking(() => files.Load()).ShouldFailNaming(files.Images, "does not exist");
    }

    [Fact]
    public void Images_are_read_when_they_are_asked_for()
    {
        using var files = new MpiiFiles(bearpaw: false);
        TestImages.Blocks().Save(Path.Combine(files.Images, "a.jpg"));
        var people = files.Load();

        people.LoadImage(1).Size.Should().Be(TestImages.Blocks().Size);
        FluentActions.Invoking(() => people.LoadImage(0)).ShouldFailNaming(Path.Combine(files.Images, "b.jpg"), "does not exist");
    }
}
