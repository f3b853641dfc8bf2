namespace Mspn.Core.Tests.Geometry;

public class CropRegionTests
{
    [Fact]
    public void A_boxs_region_has_its_centre_and_size() =>
        CropRegion.OfBox(new Box(10, 20, 30, 40)).Should().Be(new CropRegion(25, 40, 30, 40));

    [Fact]
    public void Scaling_keeps_the_centre() =>
        new CropRegion(25, 40, 30, 40).Scaled(2, 0.5).Should().Be(new CropRegion(25, 40, 60, 20));

    [Theory]
    [InlineData(30, 40, 30, 40)]
    [InlineData(60, 40, 60, 80)]
    [InlineData(30, 80, 60, 80)]
    public void Fitting_only_enlarges(double width, double height, double fittedWidth, double fittedHeight) =>
        new CropRegion(5, 6, width, height).FittedTo(0.75).Should().Be(new CropRegion(5, 6, fittedWidth, fittedHeight));
}
