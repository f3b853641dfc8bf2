namespace Mspn.Core.Tests.Geometry;

public class QuadrilateralTests
{
    private static readonly Box Box = new(2, 3, 4, 6);

    [Fact]
    public void A_box_has_its_corners()
    {
        var corners = Quadrilateral.OfBox(Box, new AffineTransform(1, 0, 0, 0, 1, 0));
        corners.Should().Be(new Quadrilateral((2, 3), (6, 3), (6, 9), (2, 9)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Points_are_inside_whichever_way_the_corners_run(int sign)
    {
        var area = Quadrilateral.OfBox(Box, new AffineTransform(sign, 0, 0, 0, 1, 0));
        area.Contains(sign * 4, 5).Should().BeTrue();
        area.Contains(sign * 2, 3).Should().BeTrue("the edge belongs to it");
        area.Contains(sign * 1.9, 5).Should().BeFalse();
        area.Contains(sign * 4, 9.1).Should().BeFalse();
    }

    [Fact]
    public void A_turned_box_is_not_the_box_around_it()
    {
        // By 45°: (x, y) → (x − y, x + y).
        var area = Quadrilateral.OfBox(new Box(0, 0, 2, 2), new AffineTransform(1, -1, 0, 1, 1, 0));
        area.Contains(0, 2).Should().BeTrue();
        area.Contains(1.9, 2).Should().BeTrue();
        area.Contains(1.5, 0.5).Should().BeFalse("only its bounding box reaches there");
    }
}
