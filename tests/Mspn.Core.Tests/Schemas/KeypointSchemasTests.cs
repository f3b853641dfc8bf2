namespace Mspn.Core.Tests.Schemas;

public class KeypointSchemasTests
{
    public static TheoryData<string> Names => [.. KeypointSchemas.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_bundled_schema_is_valid_and_complete(string name)
    {
        var schema = KeypointSchemas.Get(name);
        schema.Validated().Should().BeSameAs(schema);
        schema.Sigmas.Should().HaveCount(schema.Count);
        schema.UpperBody.Should().NotBeEmpty();
        schema.Skeleton.SelectMany(bone => new[] { bone.A, bone.B }).Distinct().Should().HaveCount(schema.Count, "every point is drawn");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Flip_pairs_join_each_left_name_with_its_right_one(string name)
    {
        var schema = KeypointSchemas.Get(name);
        foreach (var keypoint in schema.Keypoints)
        {
            var mirrored = keypoint.StartsWith("left_", StringComparison.Ordinal) ? "right_" + keypoint[5..]
                : keypoint.StartsWith("right_", StringComparison.Ordinal) ? "left_" + keypoint[6..]
                : keypoint;
            schema.Keypoints[schema.FlipPermutation[schema.IndexOf(keypoint)]].Should().Be(mirrored);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_sides_of_a_pair_have_one_sigma(string name)
    {
        var schema = KeypointSchemas.Get(name);
        schema.FlipPairs.Should().OnlyContain(pair => schema.Sigmas[pair.A] == schema.Sigmas[pair.B]);
    }

    [Fact]
    public void A_schema_is_found_whatever_its_case() => KeypointSchemas.Get("COCO17").Should().BeSameAs(KeypointSchemas.Coco17);

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var get = () => KeypointSchemas.Get("coco18");
        var message = get.Should().Throw<ArgumentException>().Which.Message;
        message.Should().Contain("coco18").And.ContainAll(KeypointSchemas.All.Select(s => s.Name));
    }
}
