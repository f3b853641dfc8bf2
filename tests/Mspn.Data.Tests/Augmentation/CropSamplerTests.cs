using Mspn.Core;

namespace Mspn.Data.Tests.Augmentation;

public class CropSamplerTests
{
    // Regions are kept in single precision.
    private const double Single = 1e-5;

    private static readonly ImageSize Image = new(80, 100);
    private static readonly ImageSize Crop = new(64, 48);

    [Fact]
    public void An_evaluation_region_is_the_scaled_box_in_the_crops_aspect()
    {
        var region = CropSampler.ForEvaluation(new Box(10, 20, 40, 20), new PoseInput { BoxScaleX = 1.5, BoxScaleY = 2 }, Crop);

        ShouldBe(region, new CropRegion(30, 30, 60, 80));
    }

    [Fact]
    public void Without_variation_training_sees_the_fitted_box()
    {
        var plan = Sample(People.Nothing, 1);

        plan.Mirrored.Should().BeFalse();
        ShouldBe(plan.Region, new CropRegion(35, 30, 30, 40));
    }

    [Fact]
    public void Every_variation_stays_within_its_limits()
    {
        var options = People.Nothing with
        {
            ScaleLow = 0.5, ScaleHigh = 2, RotationProbability = 0.5, RotationDegrees = 30, FlipProbability = 0.5, ShiftFraction = 0.1,
        };

        var plans = Enumerable.Range(0, 400).Select(i => Sample(options, i)).ToArray();

        plans.Should().OnlyContain(p => p.Region.Width >= 15 && p.Region.Width <= 60);
        plans.Should().OnlyContain(p => Math.Abs(p.Region.RotationDegrees) <= 30);
        plans.Should().OnlyContain(p => Math.Abs(p.Region.CenterX - (p.Mirrored ? 64 : 35)) <= 0.1 * p.Region.Width + Single);
        plans.Should().OnlyContain(p => Math.Abs(p.Region.CenterY - 30) <= 0.1 * p.Region.Height + Single);
        plans.Should().OnlyContain(p => Math.Abs(p.Region.Width / p.Region.Height - 0.75) < Single);
        plans.Count(p => p.Mirrored).Should().BeInRange(150, 250);
        plans.Count(p => p.Region.RotationDegrees != 0).Should().BeInRange(150, 250);
    }

    [Fact]
    public void Extensions_are_random_or_in_full()
    {
        var options = People.Nothing with { ExtensionX = 1, ExtensionY = 1 };

        Enumerable.Range(0, 50).Select(i => Sample(options, i).Region.Width).Should().OnlyContain(w => w >= 30 && w < 60).And.OnlyHaveUniqueItems();
        Sample(options with { RandomExtension = false }, 1).Region.Width.Should().BeApproximately(60, Single);
    }

    [Fact]
    public void A_mirror_image_swaps_left_and_right()
    {
        var mirrored = CropSampler.Mirror(People.Typical.Keypoints, People.Schema, 100);

        mirrored.Should().Equal(new Keypoint(64, 12, 2), new Keypoint(74, 30, 1), new Keypoint(54, 30, 2), new Keypoint(99, 0, 0));
    }

    [Fact]
    public void A_half_body_surrounds_its_keypoints()
    {
        var schema = KeypointSchemas.Coco17;
        var keypoints = schema.Keypoints.Select((_, i) => new Keypoint(20 + i, 10 + 3 * i, 2)).ToArray();

        for (var seed = 0; seed < 50; seed++)
        {
            var region = CropSampler.HalfBody(keypoints, schema, Crop, CropAugmentation.OfficialCoco, new SampleRandom(seed))!.Value.ToRegion();

            var upper = region.CenterX == 26;
            var part = keypoints.Where((_, i) => schema.UpperBody.Contains(i) == upper);
            part.Should().OnlyContain(k => Math.Abs(k.X - region.CenterX) <= region.Width / 2 && Math.Abs(k.Y - region.CenterY) <= region.Height / 2);
            region.CenterX.Should().Be(upper ? 26 : 34.5);
        }
    }

    [Fact]
    public void Too_few_keypoints_make_no_half_body()
    {
        var keypoints = KeypointSchemas.Coco17.Keypoints.Select((_, i) => new Keypoint(i, i, i < 2 ? 2 : 0)).ToArray();

        CropSampler.HalfBody(keypoints, KeypointSchemas.Coco17, Crop, CropAugmentation.OfficialCoco, new SampleRandom(1)).Should().BeNull();
    }

    [Fact]
    public void A_schema_without_an_upper_body_has_no_half_bodies()
    {
        var schema = KeypointSchemas.Coco17 with { UpperBody = [] };
        var keypoints = schema.Keypoints.Select((_, i) => new Keypoint(i, i, 2)).ToArray();

        CropSampler.HalfBody(keypoints, schema, Crop, CropAugmentation.OfficialCoco, new SampleRandom(1)).Should().BeNull();
    }

    private static CropPlan Sample(CropAugmentation options, long seed) =>
        CropSampler.ForTraining(People.Typical, Image, People.Schema, Crop, options, new SampleRandom(seed));

    private static void ShouldBe(CropRegion actual, CropRegion expected)
    {
        double[] differences =
        [
            actual.CenterX - expected.CenterX, actual.CenterY - expected.CenterY, actual.Width - expected.Width, actual.Height - expected.Height,
        ];
        differences.Should().OnlyContain(d => Math.Abs(d) <= Single);
        actual.RotationDegrees.Should().Be(expected.RotationDegrees);
    }
}
