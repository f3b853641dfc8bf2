namespace Mspn.Core.Tests.Geometry;

public class AffineTransformTests
{
    private static readonly ImageSize Crop = new(256, 192);

    public static TheoryData<CropRegion> Regions =>
    [
        new CropRegion(100.5, 80.25, 96, 128),
        new CropRegion(-20, 300, 480, 640),
        new CropRegion(100.5, 80.25, 96, 128, 30),
        new CropRegion(10, 20, 48, 64, -135),
    ];

    [Theory]
    [MemberData(nameof(Regions))]
    public void The_inverse_leads_back(CropRegion region)
    {
        var transform = AffineTransform.ToCrop(region, Crop);
        var inverse = transform.Inverse();
        foreach (var (x, y) in new[] { (0.0, 0.0), (191, 255), (-50, 1000) })
        {
            var (u, v) = transform.Apply(x, y);
            ShouldBe(inverse.Apply(u, v), (x, y), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Regions))]
    public void ToImage_is_the_inverse_of_ToCrop(CropRegion region)
    {
        var transform = AffineTransform.ToCrop(region, Crop);
        foreach (var (x, y) in new[] { (0.0, 0.0), (191, 255), (96, 128) })
        {
            var (u, v) = region.ToImage(x, y, Crop);
            // The transform solves for points in single precision.
            ShouldBe(transform.Apply(u, v), (x, y), 1e-3);
        }
    }

    [Fact]
    public void The_regions_centre_and_corners_become_the_crops()
    {
        var transform = AffineTransform.ToCrop(new CropRegion(100, 80, 96, 128), Crop);
        ShouldBe(transform.Apply(100, 80), (96, 128), 1e-9);
        ShouldBe(transform.Apply(100 - 48, 80 - 64), (0, 0), 1e-9);
        ShouldBe(transform.Apply(100 + 48, 80 + 64), (192, 256), 1e-9);
    }

    [Fact]
    public void A_region_turned_clockwise_has_its_top_on_the_right()
    {
        var region = new CropRegion(100, 80, 96, 128, 90);
        ShouldBe(AffineTransform.ToCrop(region, Crop).Apply(100 + 64, 80), (96, 0), 1e-3);
        ShouldBe(region.ToImage(96, 0, Crop), (100 + 64, 80), 1e-3);
        ShouldBe(region.ToImage(0, 128, Crop), (100, 80 - 48), 1e-3);
    }

    [Fact]
    public void A_degenerate_map_gives_zeros()
    {
        default(AffineTransform).Inverse().Apply(3, 4).Should().Be((0, 0));
        AffineTransform.ToCrop(new CropRegion(1, 1, 0, 0), Crop).Should().Be(default(AffineTransform));
    }

    private static void ShouldBe((double X, double Y) actual, (double X, double Y) expected, double tolerance)
    {
        actual.X.Should().BeApproximately(expected.X, tolerance);
        actual.Y.Should().BeApproximately(expected.Y, tolerance);
    }
}
