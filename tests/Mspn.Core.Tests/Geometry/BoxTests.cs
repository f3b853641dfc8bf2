namespace Mspn.Core.Tests.Geometry;

public class BoxTests
{
    private static readonly ImageSize Image = new(100, 200);

    [Theory]
    [InlineData(0, 0, 1, 1, true)]
    [InlineData(-5, -5, 1, 1, true)]
    [InlineData(0, 0, 0, 1, false)]
    [InlineData(0, 0, 1, -1, false)]
    [InlineData(double.NaN, 0, 1, 1, false)]
    [InlineData(0, 0, double.PositiveInfinity, 1, false)]
    [InlineData(0, 0, 1, double.NaN, false)]
    public void A_valid_box_is_finite_and_has_an_area(double x, double y, double width, double height, bool valid) =>
        new Box(x, y, width, height).IsValid.Should().Be(valid);

    [Theory]
    [InlineData(-10, -10, 11, 11, true)]
    [InlineData(-10, -10, 10, 11, false)]
    [InlineData(199, 99, 50, 50, true)]
    [InlineData(200, 0, 50, 50, false)]
    [InlineData(0, 100, 50, 50, false)]
    public void Overlap_needs_a_common_part(double x, double y, double width, double height, bool overlaps) =>
        new Box(x, y, width, height).Overlaps(Image).Should().Be(overlaps);

    [Fact]
    public void The_whole_image_is_a_box() => Box.Whole(Image).Should().Be(new Box(0, 0, 200, 100));

    [Fact]
    public void A_box_is_written_as_COCO_writes_it() => new Box(40.5, -20, 120, 260).ToString().Should().Be("[40.5, -20, 120, 260]");

    [Fact]
    public void A_size_is_height_by_width()
    {
        Image.ToString().Should().Be("100×200");
        Image.AspectRatio.Should().Be(2);
    }

    [Theory]
    [InlineData(0, 0, 4, 4, 1)]
    [InlineData(2, 0, 4, 4, 8.0 / 24)]
    [InlineData(1, 1, 2, 2, 4.0 / 16)]
    [InlineData(4, 0, 4, 4, 0)]
    [InlineData(9, 9, 4, 4, 0)]
    public void Overlap_is_relative_to_what_both_cover(double x, double y, double width, double height, double expected)
    {
        var (a, b) = (new Box(0, 0, 4, 4), new Box(x, y, width, height));
        a.IntersectionOverUnion(b).Should().BeApproximately(expected, 1e-15);
        b.IntersectionOverUnion(a).Should().BeApproximately(expected, 1e-15);
    }

    [Fact]
    public void Boxes_without_an_area_do_not_overlap() => new Box(1, 1, 0, 0).IntersectionOverUnion(new Box(1, 1, 0, 0)).Should().Be(0);
}
