using Mspn.Core;
using Mspn.Data;
using TorchSharp;

namespace Mspn.Inference.Tests;

public class BottomUpEstimatorTests
{
    private static readonly PoseInput Crops = new()
    {
        Normalization = DotsNetwork.Normalization, BoxScaleX = 1, BoxScaleY = 1, HeatmapPeak = 1,
    };

    private static readonly PoseInput Whole = Crops with { WholeImage = new WholeImageOptions { Height = 96, Scales = [1], Filling = 0 } };

    // Two people; the second has no blue dot.
    private static readonly RgbImage TwoColumns = Draw(96, 128, (20, 12), (84, 28)).With(Dot.Blue, 20, 68);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everybody_in_a_whole_image_is_found(bool flipTest)
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Whole), new PoseEstimatorOptions { FlipTest = flipTest });

        var people = estimator.EstimateEverybody(TwoColumns);

        people.Should().HaveCount(2);
        people.Select(p => p.Score).Should().BeInDescendingOrder();
        ShouldBeNear(people[0], (20, 12), (20, 40), (20, 68));
        ShouldBeNear(people[1], (84, 28), (84, 56));
        people[1]["blue"].Should().Be(KeypointPrediction.Missing);
        foreach (var pose in people)
        {
            var found = pose.Keypoints.Where(k => k.IsFound).ToArray();
            pose.Box.Should().Be(new Box(
                found.Min(k => k.X), found.Min(k => k.Y), found.Max(k => k.X) - found.Min(k => k.X) + 1, found.Max(k => k.Y) - found.Min(k => k.Y) + 1));
            pose.Score.Should().Be(pose.PersonScore);
        }
    }

    [Fact]
    public void Every_scale_is_run_and_the_maps_are_averaged_in_the_image()
    {
        var network = new DotsNetwork();
        var input = Whole with { WholeImage = new WholeImageOptions { Height = 96, Scales = [1, 1.5, 0.75], Stride = 16, Filling = 0 } };
        using var estimator = new PoseEstimator(new PoseModel(network, input));
        network.Seen.Clear(); // it was tried once, to be prepared

        var people = estimator.EstimateEverybody(TwoColumns);

        network.Seen.Should().Equal(new ImageSize(96, 128), new ImageSize(144, 192), new ImageSize(80, 96));
        people.Should().HaveCount(2);
        ShouldBeNear(people[0], (20, 12), (20, 40), (20, 68));
        ShouldBeNear(people[1], (84, 28), (84, 56));
    }

    [Fact]
    public void Images_of_any_size_are_filled_up_for_the_network()
    {
        var network = new DotsNetwork();
        using var estimator = new PoseEstimator(new PoseModel(network, Whole));
        network.Seen.Clear(); // it was tried once, to be prepared

        var people = estimator.EstimateEverybody(Draw(101, 77, (36, 20), (68, 36)));

        network.Seen.Should().Equal(new ImageSize(96, 80));
        people.Should().HaveCount(2);
    }

    [Fact]
    public void Without_a_preparation_for_whole_images_the_image_is_one_crop()
    {
        var network = new DotsNetwork();
        using var estimator = new PoseEstimator(new PoseModel(network, Crops));
        network.Seen.Clear(); // it was tried once, to be prepared

        var people = estimator.EstimateEverybody(Draw(128, 128, (24, 24), (88, 40)));

        network.Seen.Should().Equal(network.InputSize);
        people.Should().HaveCount(2);
        people.Select(p => p.Keypoints[0]).Should().OnlyContain(k => k.IsFound && (Math.Abs(k.X - 24) < 8 || Math.Abs(k.X - 88) < 8));
    }

    [Fact]
    public void A_box_gives_the_surest_person_in_it_or_nobody()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Crops));
        Box[] boxes = [new(0, 0, 64, 64), new(64, 16, 64, 64), new(40, 30, 16, 16)];

        var poses = estimator.Estimate(TwoColumns, boxes);

        poses.Select(p => p.Box).Should().Equal(boxes);
        ShouldBeNear(poses[0], (20, 12), (20, 40));
        ShouldBeNear(poses[1], (84, 28), (84, 56));
        poses[2].Keypoints.Should().HaveCount(3).And.OnlyContain(k => k == KeypointPrediction.Missing);
        (poses[2].Score, poses[2].PersonScore).Should().Be((0, 0));
    }

    [Fact]
    public void A_data_sets_box_score_is_a_factor_of_the_decoders()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Crops));
        var whole = estimator.Estimate(new OneImage(TwoColumns, 1)).Single();
        var half = estimator.Estimate(new OneImage(TwoColumns, 0.5)).Single();

        whole.Score.Should().BePositive().And.Be(whole.PersonScore);
        half.Score.Should().Be(0.5 * whole.Score);
        whole.PersonScore.Should().NotBeApproximately(whole.Keypoints.Average(k => k.Score), 1e-6, "connections count too");
    }

    [Fact]
    public void A_top_down_network_finds_one_person_who_is_the_whole_image()
    {
        using var estimator = new PoseEstimator(new PoseModel(new BlobNetwork(), new PoseInput()));
        var image = TwoColumns;

        var pose = estimator.EstimateEverybody(image).Should().ContainSingle().Subject;

        var cropped = estimator.Estimate(image);
        pose.Keypoints.Should().Equal(cropped.Keypoints);
        pose.Score.Should().Be(cropped.Score).And.BeApproximately(cropped.Keypoints.Average(k => k.Score), 1e-12);
        pose.Box.X.Should().Be(pose.Keypoints.Min(k => k.X));
    }

    [Fact]
    public void Nobody_is_found_in_an_empty_image()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Whole));
        estimator.EstimateEverybody(new RgbImage(96, 64)).Should().BeEmpty();
    }

    [Fact]
    public void A_stride_that_the_network_does_not_take_is_an_error()
    {
        using var network = new OpenPose(new OpenPoseOptions
        {
            InputSize = new ImageSize(32, 32), Stages = 1, BaseChannels = 2, Channels = 4, FirstStageChannels = 4,
        });
        foreach (var (stride, fits) in new[] { (8, true), (24, true), (4, false), (12, false) })
        {
            var input = PoseInput.OpenPose with { WholeImage = new WholeImageOptions { Height = 61, Scales = [1], Stride = stride } };
            var make = () => new PoseEstimator(new PoseModel(network, input));
            if (fits)
            {
                make().Invoking(e => e.EstimateEverybody(new RgbImage(50, 70))).Should().NotThrow();
            }
            else
            {
                make.Should().Throw<ArgumentException>().WithMessage($"*multiples of {stride}*multiples of 8*");
            }
        }
    }

    [Fact]
    public void A_saved_OpenPose_needs_nothing_but_its_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("openpose.safetensors");
        using (var network = new OpenPose(new OpenPoseOptions
        {
            InputSize = new ImageSize(32, 32), Stages = 2, BaseChannels = 2, Channels = 4, FirstStageChannels = 4,
        }))
        {
            PoseModelFile.Save(path, network, PoseInput.OpenPose with { WholeImage = new WholeImageOptions { Height = 64, Scales = [0.5, 1] } });
        }
        using var estimator = PoseEstimator.Load(path, new PoseEstimatorOptions { FlipTest = true });
        estimator.Invoking(e => e.EstimateEverybody(TwoColumns)).Should().NotThrow();
        estimator.Estimate(TwoColumns, new Box(0, 0, 64, 64)).Keypoints.Should().HaveCount(18);
    }

    [Fact]
    public void Two_threads_get_what_one_gets()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Whole), new PoseEstimatorOptions { FlipTest = true });
        var expected = estimator.EstimateEverybody(TwoColumns);
        var found = new IReadOnlyList<Pose>[8];
        var threads = Enumerable.Range(0, 2).Select(t => new Thread(() =>
        {
            for (var i = t; i < found.Length; i += 2)
            {
                found[i] = estimator.EstimateEverybody(TwoColumns);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        foreach (var people in found)
        {
            people.SelectMany(p => p.Keypoints).Should().Equal(expected.SelectMany(p => p.Keypoints));
        }
    }

    [Fact]
    public void An_estimation_frees_what_it_makes()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Whole), new PoseEstimatorOptions { FlipTest = true });
        LiveTensors.ShouldNotGrowDuring(() => estimator.EstimateEverybody(TwoColumns));
        LiveTensors.ShouldNotGrowDuring(() => estimator.Estimate(TwoColumns));
    }

    [Fact]
    public void A_cancelled_estimation_stops()
    {
        using var estimator = new PoseEstimator(new PoseModel(new DotsNetwork(), Whole));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        estimator.Invoking(e => e.EstimateEverybody(TwoColumns, cancelled.Token)).Should().Throw<OperationCanceledException>();
    }

    private static void ShouldBeNear(Pose pose, params (double X, double Y)[] dots)
    {
        for (var k = 0; k < dots.Length; k++)
        {
            pose.Keypoints[k].X.Should().BeApproximately(dots[k].X, 3.5);
            pose.Keypoints[k].Y.Should().BeApproximately(dots[k].Y, 3.5);
        }
    }

    // A column of a red and, 28 pixels below, a green dot at each place.
    private static RgbImage Draw(int height, int width, params (int X, int Y)[] columns) =>
        columns.Aggregate(new RgbImage(height, width), (image, at) => image.With(Dot.Red, at.X, at.Y).With(Dot.Green, at.X, at.Y + 28));

    private sealed class OneImage(RgbImage image, double score) : IPoseDataset
    {
        public KeypointSchema Schema { get; } = new DotsNetwork().Keypoints;

        public int Count => 1;

        public PoseSample this[int index] => new()
        {
            Id = 1,
            ImageId = 1,
            ImageName = "dots",
            Box = Box.Whole(image.Size),
            BoxScore = score,
            Keypoints = new Keypoint[3],
        };

        public RgbImage LoadImage(int index) => image;
    }
}

internal enum Dot
{
    Red,
    Green,
    Blue,
}

internal static class Dots
{
    /// <summary>A copy with one more dot: the brighter the nearer its middle.</summary>
    public static RgbImage With(this RgbImage image, Dot color, int x, int y)
    {
        var copy = image.Clone();
        for (var row = Math.Max(0, y - 12); row < Math.Min(image.Height, y + 13); row++)
        {
            for (var column = Math.Max(0, x - 12); column < Math.Min(image.Width, x + 13); column++)
            {
                var square = (row - y) * (row - y) + (column - x) * (column - x);
                copy.Pixels[(row * image.Width + column) * 3 + (int)color] = (byte)(255 * Math.Exp(-square / (2.0 * 25)));
            }
        }
        return copy;
    }
}
