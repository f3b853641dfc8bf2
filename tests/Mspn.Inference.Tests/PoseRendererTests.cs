using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public class PoseRendererTests
{
    private static readonly KeypointSchema Schema = new()
    {
        Name = "three", Keypoints = ["left_hand", "right_hand", "head"], Skeleton = [(0, 1)],
    };

    private static readonly Pose Pose = new(
        Schema,
        [new KeypointPrediction(100, 100, 1.4), new KeypointPrediction(300, 120, 1.2), new KeypointPrediction(200, 350, 0.6)],
        new Box(50, 60, 300, 320));

    private static readonly PoseRendererOptions Plain = new() { Scores = false, Boxes = false };

    [Fact]
    public void Keypoints_have_their_sides_colours()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), Pose, Plain);
        drawn.Size.Should().Be(new ImageSize(400, 400));
        Pixel(drawn, 100, 100).Should().Be((255, 140, 0));
        Pixel(drawn, 300, 120).Should().Be((40, 130, 255));
        Pixel(drawn, 200, 350).Should().Be((60, 200, 90));
    }

    [Fact]
    public void Bones_are_drawn_and_the_rest_stays()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), Pose, Plain);
        Pixel(drawn, 200, 110).Should().Be((60, 200, 90));
        Pixel(drawn, 20, 20).Should().Be((100, 100, 100));
        Pixel(drawn, 200, 250).Should().Be((100, 100, 100));
    }

    [Fact]
    public void The_given_image_is_not_changed()
    {
        var image = Grey(400, 400);
        PoseRenderer.Draw(image, Pose);
        PoseRenderer.DrawComparison(image, Pose, Truth());
        image.Pixels.Should().OnlyContain(p => p == 100);
    }

    [Fact]
    public void Boxes_and_scores_can_be_left_out()
    {
        Pixel(PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { Boxes = true }), 50, 200).Should().NotBe((100, 100, 100));
        Pixel(PoseRenderer.Draw(Grey(400, 400), Pose, Plain), 50, 200).Should().Be((100, 100, 100));
        var scores = PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { Scores = true });
        Different(scores, PoseRenderer.Draw(Grey(400, 400), Pose, Plain)).Should().BePositive();
    }

    [Fact]
    public void Weak_keypoints_can_be_left_out()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { MinimumScore = 1 });
        Pixel(drawn, 200, 350).Should().Be((100, 100, 100));
        Pixel(drawn, 100, 100).Should().NotBe((100, 100, 100));
    }

    [Fact]
    public void Small_images_are_enlarged_by_a_whole_factor()
    {
        var small = Pose with { Keypoints = [.. Pose.Keypoints.Select(k => k with { X = k.X / 10, Y = k.Y / 10 })] };
        var drawn = PoseRenderer.Draw(Grey(40, 45), small, Plain);
        drawn.Size.Should().Be(new ImageSize(9 * 40, 9 * 45));
        Pixel(drawn, 94, 94).Should().Be((255, 140, 0));
    }

    [Fact]
    public void Several_poses_are_drawn()
    {
        var other = Pose with { Keypoints = [.. Pose.Keypoints.Select(k => k with { Y = k.Y + 30 })] };
        var drawn = PoseRenderer.Draw(Grey(400, 400), [Pose, other], Plain);
        Pixel(drawn, 100, 100).Should().Be((255, 140, 0));
        Pixel(drawn, 100, 130).Should().Be((255, 140, 0));
        PoseRenderer.Draw(Grey(400, 400), []).Pixels.Should().OnlyContain(p => p == 100);
    }

    [Fact]
    public void A_comparison_adds_the_annotation_in_white()
    {
        var drawn = PoseRenderer.DrawComparison(Grey(400, 400), Pose, Truth(), Plain);
        var (red, green, blue) = Pixel(drawn, 200, 300);
        // The line is thinner than a pixel here.
        red.Should().BeGreaterThan(180).And.Be(green).And.Be(blue);
        Pixel(drawn, 100, 100).Should().Be((255, 140, 0));
    }

    [Fact]
    public void Bones_that_are_not_annotated_are_not_compared()
    {
        var truth = Truth() with { Keypoints = [new Keypoint(100, 300, 2), new Keypoint(300, 300, 0), default] };
        Pixel(PoseRenderer.DrawComparison(Grey(400, 400), Pose, truth, Plain), 200, 300).Should().Be((100, 100, 100));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(-1e6, 1e9)]
    public void Predictions_that_are_no_place_in_the_image_do_not_stop_it(double x, double score)
    {
        var strange = Pose with { Keypoints = [new KeypointPrediction(x, 10, score), .. Pose.Keypoints.Skip(1)] };
        Pixel(PoseRenderer.Draw(Grey(400, 400), strange), 300, 120).Should().Be((40, 130, 255));
    }

    [Fact]
    public void Missing_keypoints_and_their_bones_are_left_out()
    {
        var partial = Pose with { Keypoints = [KeypointPrediction.Missing, .. Pose.Keypoints.Skip(1)] };
        foreach (var drawn in new[] { PoseRenderer.Draw(Grey(400, 400), partial, Plain), PoseRenderer.DrawComparison(Grey(400, 400), partial, Truth(), Plain) })
        {
            Pixel(drawn, 200, 110).Should().Be((100, 100, 100));
            Pixel(drawn, 300, 120).Should().Be((40, 130, 255));
        }
        var nobody = Pose with { Keypoints = [.. Enumerable.Repeat(KeypointPrediction.Missing, 3)] };
        PoseRenderer.Draw(Grey(400, 400), nobody, Plain with { Scores = true }).Pixels.Should().OnlyContain(p => p == 100);
    }

    private static PoseSample Truth() => new()
    {
        Id = 1,
        ImageId = 1,
        ImageName = "grey",
        Box = Pose.Box,
        Keypoints = [new Keypoint(100, 300, 2), new Keypoint(300, 300, 2), default],
    };

    private static RgbImage Grey(int height, int width)
    {
        var image = new RgbImage(height, width);
        image.Pixels.AsSpan().Fill(100);
        return image;
    }

    private static (byte, byte, byte) Pixel(RgbImage image, int x, int y)
    {
        var at = (y * image.Width + x) * 3;
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    private static int Different(RgbImage a, RgbImage b) => a.Pixels.Zip(b.Pixels).Count(p => p.First != p.Second);
}
