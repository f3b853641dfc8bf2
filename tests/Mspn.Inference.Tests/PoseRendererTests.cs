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

    private static readonly PoseRendererOptions Plain = new() { Boxes = false, Labels = false };

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
    public void Boxes_labels_and_scores_can_be_left_out()
    {
        Different(PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { Labels = true }), PoseRenderer.Draw(Grey(400, 400), Pose, Plain)).Should().BePositive();
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
    public void Weak_keypoints_can_be_faint()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { FaintScore = 1 });
        var (red, green, blue) = Pixel(drawn, 200, 350);
        red.Should().BeLessThan(100, "the rim is under it").And.BeGreaterThan(60);
        green.Should().BeInRange(101, 180);
        blue.Should().BeLessThan(100);
        Pixel(drawn, 100, 100).Should().Be((255, 140, 0));
        Pixel(drawn, 200, 110).Should().Be((60, 200, 90));
    }

    [Fact]
    public void People_can_have_colours_of_their_own_with_a_lighter_left_side()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), [Pose, Moved(30), Moved(-60)], Plain with { Colors = PoseColors.People });
        var bones = new[] { Pixel(drawn, 200, 110), Pixel(drawn, 200, 140), Pixel(drawn, 200, 50) };
        bones.Should().OnlyHaveUniqueItems();
        Brightness(Pixel(drawn, 100, 100)).Should().BeGreaterThan(Brightness(bones[0]));
        Brightness(Pixel(drawn, 300, 120)).Should().BeLessThan(Brightness(bones[0]));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(4000)]
    public void Lines_grow_with_the_picture_and_with_the_person(int size)
    {
        int Thickness(double person)
        {
            var at = size * 0.1;
            var length = size * person;
            var pose = new Pose(
                Schema, [new KeypointPrediction(at, at, 1), new KeypointPrediction(at + length, at, 1), KeypointPrediction.Missing],
                new Box(at, at, length, length));
            var drawn = PoseRenderer.Draw(Grey(size, size), pose, Plain);
            return Enumerable.Range(0, size).Count(y => Pixel(drawn, (int)(at + length / 2), y) != (100, 100, 100));
        }
        Thickness(0.8).Should().BeInRange(size / 150, size / 60 + 2);
        Thickness(0.1).Should().BeInRange(2, Math.Max(3, Thickness(0.8) / 2));
    }

    [Fact]
    public void Labels_of_people_in_one_place_do_not_cover_each_other()
    {
        var labels = Plain with { Labels = true };
        var one = Different(PoseRenderer.Draw(Grey(400, 400), [Pose], labels), PoseRenderer.Draw(Grey(400, 400), [Pose], Plain));
        var two = Different(PoseRenderer.Draw(Grey(400, 400), [Pose, Pose], labels), PoseRenderer.Draw(Grey(400, 400), [Pose, Pose], Plain));
        two.Should().BeGreaterThan(one * 3 / 2);
    }

    [Fact]
    public void Small_images_are_enlarged_by_a_whole_factor()
    {
        var small = Pose with { Keypoints = [.. Pose.Keypoints.Select(k => k with { X = k.X / 10, Y = k.Y / 10 })] };
        var drawn = PoseRenderer.Draw(Grey(40, 45), small, Plain);
        drawn.Size.Should().Be(new ImageSize(9 * 40, 9 * 45));
        Pixel(drawn, 94, 94).Should().Be((255, 140, 0));
    }

    [Theory]
    [InlineData(200, 300, 200, 200)]
    [InlineData(1000, 800, 800, 800)]
    [InlineData(400, 400, 400, 400)]
    public void A_picture_can_be_made_to_fit(int height, int width, int fittedHeight, int fittedWidth)
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), Pose, Plain with { FitInto = new ImageSize(height, width) });
        drawn.Size.Should().Be(new ImageSize(fittedHeight, fittedWidth));
        Pixel(drawn, 300 * fittedWidth / 400, 120 * fittedHeight / 400).Should().Be((40, 130, 255));
        PoseRenderer.Draw(Grey(1, 4000), Pose, Plain with { FitInto = new ImageSize(50, 50) }).Size.Should().Be(new ImageSize(1, 50));
    }

    [Fact]
    public void Several_poses_are_drawn()
    {
        var drawn = PoseRenderer.Draw(Grey(400, 400), [Pose, Moved(30)], Plain);
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

    private static Pose Moved(double down) => Pose with { Keypoints = [.. Pose.Keypoints.Select(k => k with { Y = k.Y + down })] };

    private static int Brightness((byte Red, byte Green, byte Blue) pixel) => pixel.Red + pixel.Green + pixel.Blue;

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
