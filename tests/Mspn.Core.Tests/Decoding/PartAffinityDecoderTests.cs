using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Decoding;

public sealed class PartAffinityDecoderTests : IDisposable
{
    private static readonly KeypointSchema Arm = new() { Name = "arm", Keypoints = ["hand", "elbow", "shoulder"], Skeleton = [(0, 1), (1, 2)] };

    private static readonly LimbLayout Layout = LimbLayout.FromSkeleton(Arm);

    private static readonly PartAffinityOptions Options = new() { MinimumParts = 2 };

    private static readonly ImageSize Size = new(60, 80);

    private static readonly (double X, double Y)?[] First = [(8, 30), (43, 30), (45, 50)];

    private static readonly (double X, double Y)?[] Second = [(70, 8), (50, 10), null];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Maps_of_the_inputs_size_give_what_the_assembler_finds_the_surest_first()
    {
        var drawn = new DrawnPeople(Layout, Size, Second, First);

        var found = new PartAffinityDecoder(Layout, Options).DecodePeople(Output(drawn, Size), Size).Should().ContainSingle().Subject;

        // The surer one's first limb is long and so the less sure of the two.
        var assembled = drawn.Find(Options);
        assembled[0].Score.Should().BeLessThan(assembled[1].Score);
        found.Should().HaveCount(2);
        found.Zip(assembled.Reverse()).Should().OnlyContain(pair => pair.First.Keypoints.SequenceEqual(pair.Second.Keypoints));
        found[1].Keypoints[2].Should().Be(KeypointPrediction.Missing);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    public void Small_maps_are_enlarged_to_the_input(int stride)
    {
        // As targets are drawn: a cell stands for the middle of its pixels.
        (double, double)?[] InCells((double X, double Y)?[] person) => Array.ConvertAll(person, p => p is { } point
            ? ((point.X * stride + 0.5) / stride - 0.5, (point.Y * stride + 0.5) / stride - 0.5) : ((double, double)?)null);
        var input = new ImageSize(Size.Height * stride, Size.Width * stride);
        var drawn = new DrawnPeople(Layout, Size, InCells(First), InCells(Second));

        var found = new PartAffinityDecoder(Layout, Options).DecodePeople(Output(drawn, Size), input)[0];

        found.Should().HaveCount(2);
        for (var k = 0; k < Arm.Count; k++)
        {
            found[0].Keypoints[k].X.Should().BeApproximately(First[k]!.Value.X * stride, 0.75);
            found[0].Keypoints[k].Y.Should().BeApproximately(First[k]!.Value.Y * stride, 0.75);
        }
    }

    [Fact]
    public void Neighbouring_peaks_of_little_enlarged_maps_are_not_smoothed_into_one()
    {
        // Two elbows and two shoulders four cells apart, in maps with peaks of one cell's width that are enlarged twice.
        var maps = zeros([1, 3, 12, 12]);
        var fields = zeros([1, 4, 12, 12]);
        foreach (var x in new[] { 4, 7 })
        {
            foreach (var (k, y) in new[] { (1, 2), (2, 9) })
            {
                maps[0, k, y, x] = 1f;
                maps[0, k, y, x + 1] = 0.3f; // a peak exactly between two pixels would be both
                maps[0, k, y + 1, x] = 0.3f;
            }
            fields.narrow(1, 3, 1).narrow(3, x, 1).fill_(1f);
        }

        var found = new PartAffinityDecoder(Layout, Options).DecodePeople(Output(maps, fields), new ImageSize(24, 24))[0];

        found.Select(p => p.Keypoints[1].X).Should().HaveCount(2).And.OnlyHaveUniqueItems();
        new PartAffinityDecoder(Layout, Options with { Sigma = 12 }).DecodePeople(Output(maps, fields), new ImageSize(24, 24))[0]
            .Should().HaveCountLessThan(2, "smoothed as much as maps that are enlarged eight times they would be one");
    }

    [Fact]
    public void Every_image_of_a_batch_has_its_own_people()
    {
        var (two, nobody, one) = (new DrawnPeople(Layout, Size, First, Second), new DrawnPeople(Layout, Size), new DrawnPeople(Layout, Size, Second));
        var outputs = new[] { two, nobody, one }.Select(d => Output(d, Size)).ToArray();
        var batch = Output(cat([.. outputs.Select(o => o.Final)]), cat([.. outputs.Select(o => o.FinalExtra(PoseExtra.AffinityFields))]));

        var found = new PartAffinityDecoder(Layout, Options).DecodePeople(batch, Size);

        found.Select(people => people.Count).Should().Equal(2, 0, 1);
        found[2][0].Should().BeEquivalentTo(found[0][1]);
    }

    [Fact]
    public void Half_precision_is_read_too()
    {
        var drawn = new DrawnPeople(Layout, Size, First);
        var output = Output(drawn, Size);
        var half = Output(output.Final.to(ScalarType.Float16), output.FinalExtra(PoseExtra.AffinityFields).to(ScalarType.Float16));

        new PartAffinityDecoder(Layout, Options).DecodePeople(half, Size)[0].Should().ContainSingle()
            .Which.Keypoints.Select(k => ((double, double)?)(k.X, k.Y)).Should().Equal(First);
    }

    [Fact]
    public void An_OpenPose_reads_its_own_output()
    {
        using var network = new OpenPose(new OpenPoseOptions
        {
            InputSize = new ImageSize(32, 32), Stages = 1, BaseChannels = 2, Channels = 4, FirstStageChannels = 4, Keypoints = KeypointSchemas.Lsp14,
        });
        var decoder = network.CreateDecoder(new PoseInput()).Should().BeOfType<PartAffinityDecoder>().Subject;
        decoder.DecodePeople(network.PredictFinal(rand([2, 3, 32, 32])), network.InputSize).Should().HaveCount(2);
        ((IPoseNetwork)network).CreateDecoder(new PoseInput()).Should().BeOfType<PartAffinityDecoder>();
    }

    [Fact]
    public void Output_that_does_not_fit_is_an_error()
    {
        var decoder = new PartAffinityDecoder(Layout);
        Refused(new PoseOutput([[zeros([1, 3, 4, 4])]]), "*'affinity_fields'*");
        Refused(Output(zeros([1, 2, 4, 4]), zeros([1, 4, 4, 4])), "*heat maps [N, 3, h, w]*[1, 2, 4, 4]*");
        Refused(Output(zeros([3, 4, 4]), zeros([1, 4, 4, 4])), "*heat maps*[3, 4, 4]*");
        Refused(Output(zeros([1, 3, 4, 4]), zeros([1, 2, 4, 4])), "*fields [N, 4, h, w]*[1, 2, 4, 4]*");
        Refused(Output(zeros([1, 3, 0, 4]), zeros([1, 4, 0, 4])), "*heat maps*[1, 3, 0, 4]*");
        Refused(Output(zeros([1, 3, 4, 4]), zeros([1, 4, 4, 5])), "*fields*[1, 4, 4, 5]*[1, 3, 4, 4]*");
        decoder.Invoking(d => d.DecodePeople(Output(zeros([1, 3, 4, 4]), zeros([1, 4, 4, 4])), new ImageSize(0, 4)))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new PartAffinityDecoder(Layout, new PartAffinityOptions { Samples = 1 }))
            .Should().Throw<ArgumentOutOfRangeException>();

        void Refused(PoseOutput output, string message) =>
            decoder.Invoking(d => d.DecodePeople(output, Size)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Decoding_frees_what_it_makes()
    {
        var output = Output(new DrawnPeople(Layout, Size, First), Size);
        LiveTensors.ShouldNotGrowDuring(() => new PartAffinityDecoder(Layout).DecodePeople(output, Size));
    }

    // Without the drawing's background.
    private static PoseOutput Output(DrawnPeople drawn, ImageSize size) => Output(
        tensor(drawn.Heatmaps.Select(v => (float)v).ToArray(), [1, 4, size.Height, size.Width]).narrow(1, 0, 3),
        tensor(drawn.Fields.Select(v => (float)v).ToArray(), [1, 4, size.Height, size.Width]));

    private static PoseOutput Output(Tensor heatmaps, Tensor fields) =>
        new([[heatmaps]], new Dictionary<string, IReadOnlyList<Tensor>> { [PoseExtra.AffinityFields] = [fields] });
}
