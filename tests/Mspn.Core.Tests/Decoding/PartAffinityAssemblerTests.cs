namespace Mspn.Core.Tests.Decoding;

public class PartAffinityAssemblerTests
{
    private static readonly KeypointSchema Arm = new() { Name = "arm", Keypoints = ["hand", "elbow", "shoulder"], Skeleton = [(0, 1), (1, 2)] };

    // Channels in another order than the limbs.
    private static readonly LimbLayout Layout = new(Arm, [new Limb(0, 1, 1), new Limb(1, 2, 0)]);

    private static readonly ImageSize Size = new(60, 80);

    private static readonly PartAffinityOptions Options = new() { MinimumParts = 2 };

    public static TheoryData<PartAffinityOptions> BadOptions =>
    [
        new() { Sigma = 0 },
        new() { Sigma = double.PositiveInfinity },
        new() { PeakThreshold = -0.1 },
        new() { FieldThreshold = double.NaN },
        new() { Samples = 1 },
        new() { SampleShare = 1 },
        new() { SampleShare = double.NaN },
        new() { MinimumParts = -1 },
        new() { MinimumMeanScore = double.NaN },
    ];

    [Fact]
    public void Empty_maps_hold_nobody()
    {
        var found = new PartAffinityAssembler(Layout).Assemble<float>(new float[3 * 4 * 5], new float[4 * 4 * 5], new ImageSize(4, 5));

        found.Peaks.Should().BeEmpty();
        found.People.Should().BeEmpty();
        found.ToPredictions().Should().BeEmpty();
    }

    [Fact]
    public void One_person_is_found_where_it_was_drawn()
    {
        var person = Person((10, 12), (30, 20), (45, 40));

        var found = new DrawnPeople(Layout, Size, person).Find(Options).Should().ContainSingle().Subject;

        found.Keypoints.Select(k => ((double, double)?)(k.X, k.Y)).Should().Equal(person);
        found.Keypoints.Should().OnlyContain(k => k.IsFound && k.Score == 1);
        found.Score.Should().BeApproximately(5.0 / 3, 0.01, "three peaks and two connections of 1 each, divided by three parts");
    }

    [Fact]
    public void A_keypoint_that_is_not_there_is_missing()
    {
        var person = Person((10, 12), (30, 20), null);

        var found = new DrawnPeople(Layout, Size, person).Find(Options).Should().ContainSingle().Subject;

        found.Keypoints[2].Should().Be(KeypointPrediction.Missing);
        found.Keypoints[2].IsFound.Should().BeFalse();
        found.Keypoints[2].Score.Should().Be(0);
    }

    [Fact]
    public void People_whose_limbs_cross_are_told_apart_by_the_fields()
    {
        var first = Person((15, 12), (40, 37), (60, 42));
        var second = Person((40, 12), (15, 37), (20, 46));

        var found = new DrawnPeople(Layout, Size, first, second).Find(Options);

        found.Select(p => p.Keypoints.Select(k => ((double, double)?)(k.X, k.Y)).ToArray())
            .Should().BeEquivalentTo([first, second]);
    }

    [Fact]
    public void A_field_that_points_the_wrong_way_joins_nothing()
    {
        var drawn = new DrawnPeople(Layout, Size, Person((10, 12), (30, 20), (45, 40)));
        for (var i = 0; i < drawn.Fields.Length; i++)
        {
            drawn.Fields[i] = -drawn.Fields[i];
        }

        drawn.Find(Options).Should().BeEmpty();
    }

    [Fact]
    public void A_limb_longer_than_half_the_height_is_less_likely()
    {
        double Score(double end) => new DrawnPeople(Layout, Size, Person((15, 15), (end, 15), null)).Find(Options)[0].Score;

        var within = Score(15 + 30);
        var beyond = Score(15 + 45);

        (within - beyond).Should().BeApproximately(1.0 / 3 / 2, 1e-9, "30 is half the height; 1 − 30/45 is spread over two parts");
    }

    [Fact]
    public void A_limb_along_which_the_field_breaks_off_is_none()
    {
        var drawn = new DrawnPeople(Layout, Size, Person((10, 10), (37, 10), null));
        var field = drawn.Fields.AsSpan(2 * Size.Height * Size.Width);
        Clear(field, fromX: 21, toX: 23); // one of the samples at 10, 13, ... 37

        drawn.Find(Options).Should().ContainSingle("nine of ten samples are more than eight");

        Clear(field, fromX: 24, toX: 26);
        drawn.Find(Options).Should().BeEmpty("eight are not");
    }

    [Fact]
    public void Single_and_double_precision_and_maps_with_and_without_background_agree()
    {
        var drawn = new DrawnPeople(Layout, Size, Person((10, 10), (40, 40), (70, 42)), Person((40, 10), (10, 40), null));
        var assembler = new PartAffinityAssembler(Layout, Options);
        var single = Array.ConvertAll(drawn.Heatmaps, v => (float)v).AsSpan(0, 3 * Size.Height * Size.Width);

        var fromSingle = assembler.Assemble<float>(single, Array.ConvertAll(drawn.Fields, v => (float)v), Size);
        var fromDouble = assembler.Assemble<double>(drawn.Heatmaps, drawn.Fields, Size);

        fromSingle.People.Select(p => p.Peaks).Should().BeEquivalentTo(fromDouble.People.Select(p => p.Peaks), o => o.WithStrictOrdering());
        fromSingle.Peaks.Select(p => (p.X, p.Y)).Should().Equal(fromDouble.Peaks.Select(p => (p.X, p.Y)));
    }

    [Fact]
    public void Threads_share_an_assembler()
    {
        var assembler = new PartAffinityAssembler(Layout, Options);
        var drawn = Enumerable.Range(0, 8)
            .Select(i => new DrawnPeople(Layout, Size, Person((10 + i, 12), (30, 20 + i), (45, 40)), Person((70, 10), (60, 30 + i), null)))
            .ToArray();
        var alone = drawn.Select(d => d.Find(Options).SelectMany(p => p.Keypoints).ToArray()).ToArray();

        Parallel.For(0, 64, i =>
        {
            var d = drawn[i % drawn.Length];
            assembler.Assemble<double>(d.Heatmaps, d.Fields, d.Size).ToPredictions().SelectMany(p => p.Keypoints)
                .Should().Equal(alone[i % drawn.Length]);
        });
    }

    [Fact]
    public void Wrong_shapes_are_refused_with_the_expected_and_the_given_ones()
    {
        var assembler = new PartAffinityAssembler(Layout);
        var size = new ImageSize(2, 3);
        FluentActions.Invoking(() => assembler.Assemble<float>(new float[17], new float[24], size))
            .Should().Throw<ArgumentException>().WithMessage("*[3 or 4, 2, 3]*18 or 24*17*").WithParameterName("heatmaps");
        FluentActions.Invoking(() => assembler.Assemble<float>(new float[18], new float[12], size))
            .Should().Throw<ArgumentException>().WithMessage("*[4, 2, 3]*24*12*").WithParameterName("fields");
        FluentActions.Invoking(() => assembler.Assemble<float>([], [], new ImageSize(0, 3)))
            .Should().Throw<ArgumentException>().WithMessage("*0×3*");
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_refused(PartAffinityOptions options) =>
        FluentActions.Invoking(() => new PartAffinityAssembler(Layout, options)).Should().Throw<ArgumentOutOfRangeException>();

    private static (double X, double Y)?[] Person(params (double X, double Y)?[] keypoints) => keypoints;

    private static void Clear(Span<double> field, int fromX, int toX)
    {
        for (var y = 0; y < Size.Height; y++)
        {
            field[(y * Size.Width + fromX)..(y * Size.Width + toX + 1)].Clear();
        }
    }
}
