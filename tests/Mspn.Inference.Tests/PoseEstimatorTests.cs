using Mspn.Core;
using Mspn.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Inference.Tests;

public sealed class PoseEstimatorTests : IDisposable
{
    private static readonly Box[] Boxes =
    [
        new(10, 5, 60, 90), new(0, 0, 96, 120), new(-10, 20, 50, 50), new(40, 60, 80, 90), new(20, 20, 12.5, 30.25),
    ];

    private static readonly RgbImage Image = new SyntheticPeopleDataset(
        KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 1, ImageSize = new ImageSize(120, 96) }).LoadImage(0);

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public PoseEstimatorTests()
    {
        _path = _folder.File("tiny.safetensors");
        using var network = TinyNetworks.Mspn();
        PoseModelFile.Save(_path, network, new PoseInput());
    }

    public static TheoryData<Box> BadBoxes =>
    [
        new Box(96, 0, 10, 10), new Box(0, 120, 10, 10), new Box(-10, 0, 10, 10), new Box(0, 0, 0, 10), new Box(0, 0, 10, -1),
        new Box(double.NaN, 0, 10, 10), new Box(0, 0, double.PositiveInfinity, 10),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_model_estimates_a_pose()
    {
        using var estimator = PoseEstimator.Load(_path);
        var pose = estimator.Estimate(Image, Boxes[0]);
        pose.Schema.Name.Should().Be("coco17");
        pose.Box.Should().Be(Boxes[0]);
        pose.Keypoints.Should().HaveCount(17).And.OnlyContain(k => double.IsFinite(k.X) && double.IsFinite(k.Y) && double.IsFinite(k.Score));
        estimator.Estimate(Image).Box.Should().Be(new Box(0, 0, 96, 120));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_flip_test_moves_mirrored_maps_where_the_decoder_wants_it(bool shifts)
    {
        using var network = TinyNetworks.Mspn();
        network.eval();
        var decoder = new MapKeeper(shifts);
        using var estimator = new PoseEstimator(
            new PoseModel(network, new PoseInput()), new PoseEstimatorOptions { FlipTest = true, Decoder = decoder });
        estimator.Estimate(Image);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var size = network.InputSize;
        var reader = new CropReader(size, ImageNormalization.OfficialBgr);
        var pixels = new float[reader.Length];
        reader.Read(Image, AffineTransform.ToCrop(CropSampler.ForEvaluation(Box.Whole(Image.Size), new PoseInput(), size), size), false, pixels);
        var expected = HeatmapFlip.PredictBothWays(network, tensor(pixels, [1, 3, size.Height, size.Width]), shifts);
        var maps = tensor(decoder.Maps.ToArray(), expected.Final.shape);
        maps.allclose(expected.Final, rtol: 1e-4, atol: 1e-5).Should().BeTrue();
    }

    [Fact]
    public void Training_goes_on_without_the_estimator_seeing_it()
    {
        using var network = TinyNetworks.Mspn();
        using var estimator = new PoseEstimator(new PoseModel(network, new PoseInput()));
        var before = estimator.Estimate(Image, Boxes[0]);
        network.training.Should().BeTrue();
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.zero_();
            }
        }
        estimator.Estimate(Image, Boxes[0]).Keypoints.Should().Equal(before.Keypoints);
    }

    [Fact]
    public void An_estimator_of_a_callers_network_can_be_disposed_again_and_again_and_leaves_nothing()
    {
        using var network = TinyNetworks.Mspn();
        var weights = TensorBytes.Snapshot(network);
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            using var estimator = new PoseEstimator(network, new PoseInput());
            estimator.Estimate(Image, Boxes[0]).Keypoints.Should().HaveCount(17);
        });
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(network), weights);
    }

    [Fact]
    public void A_callers_network_that_is_run_as_it_is_outlives_the_estimator()
    {
        using var network = new BlobNetwork();
        for (var i = 0; i < 2; i++)
        {
            using var estimator = new PoseEstimator(network, new PoseInput());
            estimator.Estimate(Image, Boxes[0]).Keypoints.Should().HaveCount(17);
        }
    }

    [Fact]
    public void The_fast_way_finds_nearly_the_same()
    {
        using var exact = PoseEstimator.Load(_path);
        using var fast = PoseEstimator.Load(_path, new PoseEstimatorOptions { Precision = NumericPrecision.Fast });
        var moved = fast.Estimate(Image, Boxes[0]).Keypoints.Zip(exact.Estimate(Image, Boxes[0]).Keypoints, (a, b) => Math.Abs(a.Score - b.Score)).ToArray();
        // Scores are near 0.5; bfloat16 alone explains 0.004 of that, and it must not be the same computation.
        moved.Max().Should().BeInRange(1e-7, 0.01);
    }

    [Fact]
    public void A_network_with_operations_of_the_callers_own_is_run_as_it_is_but_not_fast()
    {
        using var network = new BlobNetwork();
        var fast = () => new PoseEstimator(new PoseModel(network, new PoseInput()), new PoseEstimatorOptions { Precision = NumericPrecision.Fast });
        fast.Should().Throw<NotSupportedException>().WithMessage("*cannot be recorded*");
        using var estimator = new PoseEstimator(new PoseModel(network, new PoseInput()));
        network.training.Should().BeFalse();
    }

    [Fact]
    public void A_missing_or_damaged_weights_file_is_an_error()
    {
        var missing = () => PoseEstimator.Load(_folder.File("none.safetensors"));
        missing.Should().Throw<PoseDataException>().WithMessage("*none.safetensors*does not exist*");
        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^100]);
        var damaged = () => PoseEstimator.Load(_path);
        damaged.Should().Throw<PoseDataException>();
    }

    [Theory]
    [MemberData(nameof(BadBoxes))]
    public void A_box_that_is_empty_or_outside_the_image_is_an_error(Box box)
    {
        using var estimator = PoseEstimator.Load(_path);
        estimator.Invoking(e => e.Estimate(Image, box)).Should().Throw<ArgumentException>().WithMessage("*outside the 120×96 image*");
        estimator.Invoking(e => e.Estimate(Image, [Boxes[0], box])).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void Several_boxes_give_what_each_gives_alone(int batchSize)
    {
        using var estimator = PoseEstimator.Load(_path, new PoseEstimatorOptions { BatchSize = batchSize });
        var together = estimator.Estimate(Image, Boxes);
        together.Select(p => p.Box).Should().Equal(Boxes);
        foreach (var pose in together)
        {
            ShouldBeSame(pose, estimator.Estimate(Image, pose.Box), 1e-6);
        }
        estimator.Estimate(Image, []).Should().BeEmpty();
    }

    [Theory]
    [InlineData(NumericPrecision.Exact, false)]
    [InlineData(NumericPrecision.Exact, true)]
    [InlineData(NumericPrecision.Fast, false)]
    public void Eight_threads_get_what_one_gets(NumericPrecision precision, bool flipTest)
    {
        using var estimator = PoseEstimator.Load(_path, new PoseEstimatorOptions { Precision = precision, FlipTest = flipTest });
        var expected = Array.ConvertAll(Boxes, box => estimator.Estimate(Image, box));
        var before = LiveTensors.Count();
        var found = new Pose[8][];
        var threads = Enumerable.Range(0, found.Length).Select(t => new Thread(() =>
            found[t] = [.. Enumerable.Range(0, 4).SelectMany(_ => Boxes.Select(box => estimator.Estimate(Image, box)))])).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        LiveTensors.Count().Should().Be(before);
        foreach (var poses in found)
        {
            for (var i = 0; i < poses.Length; i++)
            {
                poses[i].Keypoints.Should().Equal(expected[i % Boxes.Length].Keypoints);
            }
        }
    }

    [Fact]
    public void Keypoints_of_a_callers_own_network_are_mapped_into_the_image()
    {
        var image = WithSpot(70, 45);
        using var estimator = new PoseEstimator(
            new PoseModel(new BlobNetwork(), new PoseInput { BoxScaleX = 1, BoxScaleY = 1 }), new PoseEstimatorOptions { Decoder = new OfficialHeatmapDecoder { Shifts = [] } });
        foreach (var box in new[] { new Box(0, 0, 120, 160), new Box(40, 20, 60, 80), new Box(-30, -40, 120, 160), new Box(60, 0, 30, 90) })
        {
            var found = estimator.Estimate(image, box).Keypoints;
            // A decoder without shifts gives the middle of a heat-map cell, which here is a fraction of the region's size.
            var cell = Math.Max(box.Width / 24, box.Height / 32);
            found.Should().OnlyContain(k => Math.Abs(k.X - 70) <= 0.6 * cell + 0.5 && Math.Abs(k.Y - 45) <= 0.6 * cell + 0.5);
        }
    }

    [Fact]
    public void A_cells_middle_is_mapped_exactly()
    {
        using var estimator = new PoseEstimator(
            new PoseModel(new BlobNetwork(), new PoseInput { BoxScaleX = 1, BoxScaleY = 1 }), new PoseEstimatorOptions { Decoder = new OfficialHeatmapDecoder { Shifts = [] } });
        // A region of twice the crop's size: image pixel 2x + 24 for crop pixel x.
        var found = estimator.Estimate(WithSpot(24 + 2 * (4 * 10 + 1.5), 8 + 2 * (4 * 7 + 1.5)), new Box(24, 8, 192, 256))["nose"];
        (found.X, found.Y).Should().Be((24 + 2 * (4 * 10 + 2), 8 + 2 * (4 * 7 + 2)));
    }

    [Fact]
    public void The_flip_test_finds_the_same_spot()
    {
        var image = WithSpot(70, 45);
        using var plain = new PoseEstimator(new PoseModel(new BlobNetwork(), new PoseInput()));
        using var both = new PoseEstimator(new PoseModel(new BlobNetwork(), new PoseInput()), new PoseEstimatorOptions { FlipTest = true });
        var box = new Box(20, 10, 90, 120);
        ShouldBeSame(both.Estimate(image, box), plain.Estimate(image, box), 1e-3);
    }

    [Fact]
    public void The_flip_test_changes_a_networks_scores()
    {
        using var plain = PoseEstimator.Load(_path);
        using var both = PoseEstimator.Load(_path, new PoseEstimatorOptions { FlipTest = true });
        both.Estimate(Image, Boxes[0]).Score.Should().NotBe(plain.Estimate(Image, Boxes[0]).Score);
    }

    [Fact]
    public void The_models_peak_scales_the_score()
    {
        var image = WithSpot(70, 45);
        using var full = new PoseEstimator(new PoseModel(new BlobNetwork(), new PoseInput { HeatmapPeak = 100 }));
        using var half = new PoseEstimator(new PoseModel(new BlobNetwork(), new PoseInput { HeatmapPeak = 200 }));
        var box = new Box(20, 10, 90, 120);
        (full.Estimate(image, box).Score - 0.5).Should().BeApproximately(2 * (half.Estimate(image, box).Score - 0.5), 1e-9);
    }

    [Fact]
    public void A_data_set_is_estimated_in_order_with_progress()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 5, ImageSize = new ImageSize(96, 80) });
        using var estimator = PoseEstimator.Load(_path, new PoseEstimatorOptions { BatchSize = 2 });
        var done = new DoneCounts();
        var poses = estimator.Estimate(people, done).ToArray();
        poses.Select(p => p.Box).Should().Equal(Enumerable.Range(0, 5).Select(i => people[i].Box));
        done.Values.Should().Equal(2, 4, 5);
        ShouldBeSame(poses[3], estimator.Estimate(people.LoadImage(3), people[3].Box), 1e-6);
    }

    [Fact]
    public void Other_keypoints_than_the_networks_are_an_error_before_anybody_is_estimated()
    {
        using var estimator = PoseEstimator.Load(_path);
        var estimate = () => estimator.Estimate(new SyntheticPeopleDataset(KeypointSchemas.Mpii16, new SyntheticPeopleOptions { Count = 1 }));
        estimate.Should().Throw<ArgumentException>().WithMessage("*mpii16*coco17*");
    }

    [Fact]
    public void As_many_keypoints_in_another_order_are_others()
    {
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Keypoints = KeypointSchemas.Lsp14 });
        using var estimator = new PoseEstimator(new PoseModel(network, new PoseInput()));
        var estimate = () => estimator.Estimate(new SyntheticPeopleDataset(KeypointSchemas.CrowdPose14, new SyntheticPeopleOptions { Count = 1 }));
        estimate.Should().Throw<ArgumentException>().WithMessage("*crowdpose14*lsp14*");
    }

    [Fact]
    public void A_cancelled_estimation_stops()
    {
        using var estimator = PoseEstimator.Load(_path);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        estimator.Invoking(e => e.Estimate(Image, Boxes, cancelled.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_batch_needs_a_person()
    {
        using var network = new BlobNetwork();
        var make = () => new PoseEstimator(new PoseModel(network, new PoseInput()), new PoseEstimatorOptions { BatchSize = 0 });
        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_estimation_frees_what_it_makes(bool flipTest)
    {
        using var estimator = PoseEstimator.Load(_path, new PoseEstimatorOptions { FlipTest = flipTest });
        LiveTensors.ShouldNotGrowDuring(() => estimator.Estimate(Image, Boxes));
    }

    private static RgbImage WithSpot(double x, double y)
    {
        var image = new RgbImage(280, 240);
        for (var row = 0; row < image.Height; row++)
        {
            for (var column = 0; column < image.Width; column++)
            {
                var value = (byte)(255 * Math.Exp(-((column - x) * (column - x) + (row - y) * (row - y)) / (2 * 36)));
                image.Pixels.AsSpan((row * image.Width + column) * 3, 3).Fill(value);
            }
        }
        return image;
    }

    private static void ShouldBeSame(Pose actual, Pose expected, double tolerance)
    {
        for (var k = 0; k < expected.Keypoints.Count; k++)
        {
            actual.Keypoints[k].X.Should().BeApproximately(expected.Keypoints[k].X, tolerance);
            actual.Keypoints[k].Y.Should().BeApproximately(expected.Keypoints[k].Y, tolerance);
            actual.Keypoints[k].Score.Should().BeApproximately(expected.Keypoints[k].Score, tolerance);
        }
    }

    private sealed class DoneCounts : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }

    private sealed class MapKeeper(bool shifts) : IPoseDecoder
    {
        public float[] Maps { get; private set; } = [];

        public bool ShiftsMirroredMaps => shifts;

        public IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize)
        {
            Maps = output.Final.contiguous().data<float>().ToArray();
            return new OfficialHeatmapDecoder().DecodePeople(output, inputSize);
        }
    }
}
